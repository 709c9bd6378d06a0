"""The words people put above their columns, in Spanish, English and Portuguese, reduced to a few concepts.

A header is split into words; each word stands for a concept or for itself. A field is recognized by sets of concepts,
whatever their order: “Fecha de vencimiento”, “F. Vcto.”, “Due Date” and “Data de vencimento” are all {date, due}.
"""

from collections.abc import Mapping
from typing import Final


def words(text: str) -> frozenset[str]:
    """The words of `text` as a set."""
    return frozenset(text.split())


# Words that say nothing about a column.
SILENT: Final = words(
    "a al al da das de del do dos e y el em en in la las los los na o of on os para per por pra su the to"
    " electronico electronica eletronico"
)

# Phrases that mean another thing than their words.
PHRASES: Final[Mapping[str, str]] = {
    "bill to": "customer",
    "billed to": "customer",
    "sold to": "customer",
    "por cobrar": "saldo",
    "por pagar": "saldo",
    "a receber": "saldo",
    "to pay": "saldo",
    "nota fiscal": "factura",
    "notas fiscais": "factura",
    "nota de debito": "factura",
    "days late": "lateness",
    "days overdue": "lateness",
    "dias vencido": "lateness",
    "dias vencidos": "lateness",
    "dias atraso": "lateness",
    "dias mora": "lateness",
}

_WORDS_OF = {
    "date": "date dates fecha fec fech fch fcha fe f data dt dta dat",
    "due": "due vencimiento vencimientos vencimento vcmto vcto vto vnto venc vencto vence vcmt expiry expiration"
    " maturity caducidad",
    "issue": "issue issued issuance emision emitido emitida emissao emis created create creation creacion expedicion"
    " expedido expedida facturacion faturamento posting",
    "paid": "paid pay payment payments pago pagos pagada pagado pagamento settled settlement clear cleared clearing cobro"
    " cobrado cobrada cobranza cancelacion cancelado liquidacion liquidado liquidacao quitacao baixa recebimento recebido"
    " abono abonado recaudado collected received",
    "number": "number num nro numero nr no n numeros correlativo",
    "invoice": "invoice invoices inv factura facturas fact fac fatura faturas comprobante cpe boleta folio bill nf nfe"
    " nfse titulo duplicata",
    "document": "document documento documentos doc docto dcto docs",
    "series": "serie series",
    "customer": "customer customers cust client clients cliente clientes sacado debtor deudor devedor buyer comprador"
    " adquirente adquiriente tomador pagador payer receptor razonsocial",
    "name": "name names nombre nombres nome nomes denominacion",
    "code": "code codes codigo cod cdg id ident key clave",
    "tax": "tax ruc rut nit rfc nif cif cnpj cpf dni cuit cuil vat tin nie rif rnc fiscal tributaria tributario",
    "amount": "amount amounts amt importe importes imp monto montos mto valor valores vlr val montante value",
    "total": "total totales gross bruto totals",
    "open": "open balance balances outstanding saldo saldos pendiente pendientes pendente aberto abierto adeudado deuda"
    " unpaid cobrar restante remaining residual devido",
    "currency": "currency curr cur ccy moneda mon moeda divisa",
    "email": "email emails mail mails correo correos",
    "phone": "phone phones telephone tel telef telefono telefonos telefone telefones celular cel movil mobile fono"
    " whatsapp",
    "country": "country pais",
    "terms": "terms plazo prazo condicion condiciones condicao condicoes term",
    "days": "days day dias dia",
    "credit": "credit credito",
    "type": "type tipo tp clase kind",
    "description": "description descripcion descricao desc concepto glosa detalle detalles detail details memo servicio"
    " servicios observacion observaciones observacao observacoes notes nota notas comentario comentarios comments historico",
    "disputed": "disputed dispute disputa disputada disputado observada incidencia reclamo reclamada contestada contestado",
    "creditor": "creditor creditors acreedor mandante credor emisor emissor cedente sociedad seller vendor proveedor",
    "company": "company business empresa compania cia",
    "reference": "reference ref referencia operacion transaccion transaction voucher",
    "method": "method metodo medio forma meio canal mode",
    "language": "language idioma lang lingua",
    "address": "address direccion domicilio endereco",
    "contact": "contact contacto contato attn",
    "role": "role cargo puesto rol funcao position",
    "salesperson": "salesperson salesman seller vendedor vendedora ejecutivo ejecutiva asesor rep kam representante",
    "tags": "tags tag etiqueta etiquetas segmento segment grupo",
    "original": "original inicial initial",
    "limit": "limite limit deadline",
    "applied": "aplicado aplicada aplicadas aplicados applied",
    "early": "early pronto anticipado antecipado skonto",
    "discount": "discount discounts descuento descuentos desconto descontos dscto",
}
CONCEPTS: Final[Mapping[str, str]] = {word: concept for concept, words in _WORDS_OF.items() for word in words.split()}

# field: the sets of concepts that name it, each with how surely; the alternatives are checked against the cells below.
_CUSTOMER = {
    "creditor": "creditor=.9 creditor+name=.9 company=.55 company+code=.7 company+name=.6 creditor+code=.8",
    "customer_code": "customer+code=.95 customer+number=.9 code=.6 customer=.6 customer+reference=.8 account+number=.7 account=.6"
    " account+code=.7",
    "customer_name": "razon+social=.95 customer+name=.95 customer+razon+social=.95 customer=.88 name+razon+social=.95"
    " customer+name+razon+social=.95 name=.7 razao+social=.95 customer+razao+social=.95 account+name=.9 name+social=.8"
    " customer+company=.85 name+fantasia=.6 name+comercial=.6 company=.5 company+name=.6",
    "customer_tax_id": "tax=.9 tax+customer=.95 tax+number=.92 tax+code=.92 tax+code+customer=.95 tax+customer+number=.95"
    " tax+identificacion=.92 identificacion=.6 identificacion+customer=.7 document+identidad=.9 identidad=.8"
    " document+identidad+number=.9 document+customer=.7 document+customer+number=.7 document+number=.7 document=.6"
    " tax+registration=.85 tax+document=.9 tax+document+number=.9",
    "customer_email": "email=.9 email+customer=.95 email+contact=.85 email+address=.9 email+cobranza=.9 email+paid=.9"
    " email+invoice=.9",
    "customer_phone": "phone=.9 phone+customer=.95 phone+contact=.85 phone+number=.9 whatsapp=.85",
    "customer_country": "country=.9 country+code=.9 country+customer=.95 country+name=.88 country+code+customer=.9",
}
_OWN = {
    "invoices": {
        "number": "invoice+number=.95 invoice=.88 invoice+code=.92 document+number=.82 document=.7 number=.6"
        " series+number=.95 invoice+series+number=.95 document+series+number=.95 invoice+document=.9 document+code=.72"
        " invoice+document+number=.95 invoice+reference=.85 reference=.5",
        "document_type": "type+document=.9 type+invoice=.9 type=.55 type+invoice+document=.9",
        "issue_date": "date+issue=.95 date+invoice=.92 issue=.85 date+document=.88 date=.7 date+issue+document=.91"
        " date+issue+invoice=.95",
        "due_date": "date+due=.95 due=.9 date+limit+paid=.88 date+limit=.85 due+invoice=.9 due+document=.9"
        " date+due+paid=.88 date+due+invoice=.95 date+due+document=.95 limit+paid=.8",
        "terms_days": "terms=.85 terms+days=.9 credit+days=.9 terms+paid=.9 terms+credit=.9 terms+due=.85 terms+paid+days=.9"
        " terms+credit+days=.9 due+days=.5 paid+days=.6 terms+paid+customer=.9 terms+customer=.85",
        "currency": "currency=.92 currency+invoice=.95 currency+document=.95 currency+code=.92 currency+type=.9"
        " currency+iso=.92",
        "amount": "amount+total=.95 invoice+total=.95 total=.92 amount=.88 invoice+amount=.95 invoice+amount+total=.95"
        " amount+document=.92 document+total=.92 amount+original=.93 total+original=.9 document+amount+total=.95"
        " amount+sale=.6 amount+neto=.5 amount+open=.5 amount+total+sale=.9 invoice+amount+original=.95",
        "open_amount": "open=.92 amount+open=.95 amount+due=.85 open+due=.92 open+invoice=.93 open+total=.9 open+document=.93"
        " amount+open+total=.95 total+due=.85 open+actual=.95 invoice+amount+open=.95 amount+open+due=.9",
        "paid_on": "date+paid=.95 date+paid+real=.95 paid=.56 date+paid+invoice=.95 date+paid+customer=.9",
        "paid_amount": "amount+paid=.95 paid+total=.92 paid=.55 cuenta=.7 amount+paid+total=.95 amount+cuenta=.85"
        " invoice+amount+paid=.95 paid+cuenta=.7",
        "disputed": "disputed=.9 disputed+invoice=.95",
        "description": "description=.8 description+invoice=.85 description+document=.8",
        "early_payment": "early+paid=.9 early=.7 discount+early+paid=.95 discount+early=.9 terms+early+paid=.9"
        " discount+terms=.85 discount+paid+early+terms=.9",
    },
    "customers": {
        "language": "language=.9 language+customer=.95",
        "terms_days": "terms=.85 terms+days=.9 credit+days=.9 terms+paid=.9 terms+credit=.9 terms+credit+days=.9"
        " terms+paid+days=.9 paid+days=.8",
        "address": "address=.85 address+customer=.9 address+tax=.85",
        "contact_name": "contact=.88 contact+name=.95 name+contact+customer=.95",
        "contact_role": "role=.85 role+contact=.95",
        "salesperson": "salesperson=.88 salesperson+name=.9",
        "tags": "tags=.85 tags+customer=.9",
    },
    "payments": {
        "date": "date=.9 date+paid=.95 date+reference=.88 date+value=.6 date+amount=.6 date+deposito=.9",
        "amount": "amount=.9 amount+paid=.95 total=.8 amount+total=.9 paid=.6 amount+deposito=.9 amount+reference=.85",
        "currency": "currency=.92 currency+paid=.95 currency+code=.92 currency+type=.9",
        "reference": "reference=.88 reference+number=.92 paid+number=.8 paid+code=.85 reference+paid=.92"
        " reference+code=.9 recibo=.7 recibo+number=.8",
        "invoice_numbers": "invoice=.88 invoice+number=.95 document=.7 document+number=.8 invoice+applied=.95"
        " document+applied=.9 invoice+document=.9 invoice+paid=.9 number=.5 invoice+reference=.8",
        "method": "method=.85 method+paid=.95 type+paid=.8",
        "memo": "description=.85 description+paid=.85",
    },
    "balances": {
        "open_amount": "open=.95 amount+open=.95 amount=.85 total=.85 amount+due=.9 open+total=.93 amount+total=.88"
        " open+actual=.95 open+due=.9 amount+open+total=.95 open+customer=.95",
        "currency": "currency=.92 currency+code=.92 currency+type=.9",
        "date": "date=.85 date+open=.95 date+cut=.95 date+corte=.95",
        "due_date": "date+due=.95 due=.9 date+limit=.85",
        "description": "description=.8",
    },
}


def _named(own: Mapping[str, str]) -> Mapping[frozenset[str], tuple[tuple[str, float], ...]]:
    named: dict[frozenset[str], tuple[tuple[str, float], ...]] = {}
    for field, names in {**_CUSTOMER, **own}.items():
        for name in names.split():
            concepts, _, surely = name.partition("=")
            key = frozenset(concepts.split("+"))
            named[key] = (*named.get(key, ()), (field, float(surely)))
    return named


# kind → set of concepts → the fields it may name, each with how surely
NAMED: Final[Mapping[str, Mapping[frozenset[str], tuple[tuple[str, float], ...]]]] = {
    kind: _named(own) for kind, own in _OWN.items()
}
