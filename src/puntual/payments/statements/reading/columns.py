"""What banks, PayPal and Mercado Pago call the columns of their exports, in Spanish, English and Portuguese."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from puntual.kernel.sheets.currencies import currency_in_header
from puntual.kernel.text import fold


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.replace("\n", " ").split(","))


# In the order in which they are preferred where a file has several.
BANK: Final[Mapping[str, tuple[str, ...]]] = {
    "booked_on": _names(
        "fecha operacion, fecha de operacion, fecha oper, f operacion, fecha contable, fecha movimiento, fecha de movimiento,"
        " fecha mov, fecha proceso, fecha de proceso, fecha transaccion, fecha de transaccion, booking date, booked date,"
        " transaction date, posting date, posted date, posted, date posted, completed date, data lancamento,"
        " data do lancamento, data de lancamento, data mov, data movimento, data do movimento, data transacao, data operacao,"
        " buchungstag, fecha, date, data, dia"
    ),
    "value_on": _names(
        "fecha valor, fecha de valor, fecha valuta, f valor, fec valor, value date, valuta, data valor, data valuta,"
        " effective date"
    ),
    "text": _names(
        "descripcion, concepto, detalle, detalles, description, details, detail, glosa, historico, descricao, lancamento,"
        " memo, narrative, particulars, observaciones, observacoes, mas datos, concepto ampliado, movimiento,"
        " descripcion operacion, descripcion de la operacion, descripcion del movimiento, detalle movimiento,"
        " detalle de movimiento,"
        " transaction description, transaction details, payment details, remittance information, informacion adicional,"
        " comentarios, mensaje, leyenda, texto"
    ),
    "amount": _names(
        "importe, monto, amount, valor, cantidad, importe operacion, importe movimiento, monto operacion, transaction amount,"
        " cargos abonos, cargo abono, abono cargo, valor lancamento, montante, amount net, importe neto"
    ),
    "credit": _names(
        "abono, abonos, credit, credits, credito, creditos, haber, ingreso, ingresos, deposito, depositos, entrada, entradas,"
        " money in, paid in, credit amount, deposit, deposits, importe abono, importe haber, monto abono, in"
    ),
    "debit": _names(
        "cargo, cargos, debit, debits, debito, debitos, debe, gasto, gastos, egreso, egresos, retiro, retiros, salida,"
        " salidas, saida, saidas, money out, paid out, debit amount, withdrawal, withdrawals, importe cargo, importe debe,"
        " monto cargo, out"
    ),
    "balance": _names(
        "saldo, balance, running balance, saldo contable, saldo posterior, saldo final, saldo actual, saldo despues"
    ),
    "currency": _names("moneda, divisa, currency, ccy, moeda, currency code"),
    "account": _names(
        "cuenta, iban, account, account number, numero de cuenta, numero cuenta, n cuenta, nro cuenta, nro de cuenta, conta,"
        " cuenta cliente, account iban, own account"
    ),
    "reference": _names(
        "referencia, reference, ref, referencia 1, referencia 2, ref 1, ref 2, documento, nro documento, numero documento,"
        " n documento, no documento, doc, dcto, nosso numero, codigo de referencia, customer reference, bank reference,"
        " codigo, end to end id, e2e id"
    ),
    "bank_key": _names(
        "transaction id, id transaccion, id de transaccion, id movimiento, id da transacao, num operacion, numero operacion,"
        " numero de operacion, n operacion, nro operacion, nro de operacion, operacion numero, operacion nro, no operacion,"
        " operation number, fitid, identificador"
    ),
    "payer_name": _names(
        "ordenante, nombre ordenante, nombre del ordenante, counterparty, counterparty name, contraparte, payer, payer name,"
        " remitente, nombre, name, nome, originador, beneficiario, ordenante beneficiario, cliente, pagador, favorecido,"
        " partner name"
    ),
    "payer_account": _names(
        "cuenta origen, cuenta de origen, cuenta ordenante, iban ordenante, counterparty account, counterparty iban,"
        " cuenta contraparte, partner iban, payer account, conta origem"
    ),
    "payer_tax_id": _names(
        "ruc, dni, nif, cif, rut, cuit, nit, rfc, cpf, cnpj, cpf cnpj, documento ordenante, ruc dni, tax id, payer tax id,"
        " rut origen, cuit origen"
    ),
    "direction": _names(
        "d c, dc, c d, debit credit, debe haber, tipo, type, tipo movimiento, tipo de movimiento, signo, sentido,"
        " credit debit indicator"
    ),
}
FIELDS: Final = frozenset(BANK)
_SEVERAL: Final = frozenset({"text", "reference"})  # all columns of these are read

PAYPAL: Final[Mapping[str, tuple[str, ...]]] = {
    "booked_on": _names("date, fecha, data"),
    "name": _names("name, nombre, nome"),
    "kind": _names("type, tipo, description, descripcion, descricao"),
    "state": _names("status, estado, situacao"),
    "currency": _names("currency, divisa, moneda, moeda"),
    "gross": _names("gross, bruto, valor bruto, importe bruto, monto bruto"),
    "fee": _names("fee, comision, tarifa, taxa, tarifas, importe de la comision, fees"),
    "net": _names("net, neto, liquido, valor liquido, importe neto, monto neto"),
    "from": _names(
        "from email address, correo electronico del remitente, direccion de correo electronico del remitente,"
        " do endereco de e mail, endereco de email do remetente, de la direccion de correo electronico,"
        " del correo electronico, remitente, from"
    ),
    "bank_key": _names(
        "transaction id, id de transaccion, id de la transaccion, identificador de transaccion, id da transacao,"
        " codigo da transacao, id transaccion"
    ),
    "original": _names(
        "reference txn id, id de referencia de trans, id de referencia de la transaccion, id de transaccion de referencia,"
        " id da transacao de referencia, id referencia txn"
    ),
    "invoice": _names("invoice number, numero de factura, numero da fatura, invoice id, numero de recibo"),
    "order": _names("custom number, numero personalizado, numero customizado"),
    "subject": _names("subject, asunto, assunto, item title, titulo del articulo, titulo do item"),
    "note": _names("note, nota, observacao"),
    "balance": _names("balance, saldo"),
    "impact": _names("balance impact, impacto en el saldo, impacto no saldo"),
}
PAYPAL_NEEDS: Final = frozenset({"booked_on", "gross", "fee", "net", "bank_key"})

MERCADO_PAGO: Final[Mapping[str, tuple[str, ...]]] = {
    "settled_on": _names(
        "settlement date, fecha de liberacion, fecha de liberacion del dinero, data de liberacao do dinheiro"
    ),
    "booked_on": _names("transaction date, date, fecha de origen, fecha de la operacion, data de origem, fecha"),
    "bank_key": _names(
        "source id, id de operacion en mercado pago, id de operacion de mercado pago, id da operacao no mercado pago, id da"
        " transacao no mercado pago"
    ),
    "order": _names(
        "external reference, referencia externa, codigo de referencia, codigo de referencia externa,"
        " identificacion de la operacion, numero de identificacion"
    ),
    "kind": _names("transaction type, description, tipo de operacion, tipo de registro, tipo de operacao, descripcion"),
    "record": _names("record type"),
    "gross": _names(
        "transaction amount, gross amount, valor de la compra, monto bruto de la operacion, valor da compra, monto bruto"
    ),
    "net": _names(
        "settlement net amount, monto neto de la operacion, monto neto de operacion,"
        " monto neto de la operacion que impacto tu dinero, valor liquido da transacao, monto neto"
    ),
    "credit": _names("net credit amount, monto neto acreditado, valor liquido creditado"),
    "debit": _names("net debit amount, monto neto debitado, valor liquido debitado"),
    "currency": _names("settlement currency, transaction currency, currency, moneda, moneda de liberacion, moeda"),
    "payer_tax_id": _names("payer id number, numero de identificacion del pagador, payer identification number"),
    "payer_name": _names("payer name, nombre del pagador"),
    "method": _names("payment method, medio de pago, meio de pagamento"),
}
MERCADO_PAGO_NEEDS: Final = frozenset({"booked_on", "bank_key", "order", "kind"})


def name_of(header: str) -> str:
    """A header as it is compared, without the currency it tells."""
    return fold(currency_in_header(header)[1]) or fold(header)


def columns_of(
    headers: Sequence[str], names: Mapping[str, tuple[str, ...]], several: AbstractSet[str] = frozenset()
) -> dict[str, tuple[int, ...]]:
    """Which column each field is in; only the fields in `several` take more than one."""
    at: dict[str, list[int]] = {}
    for index, header in enumerate(headers):
        at.setdefault(name_of(header), []).append(index)
    found: dict[str, tuple[int, ...]] = {}
    for field, known in names.items():
        places = [index for name in known for index in at.get(name, ())]
        if places:
            found[field] = tuple(sorted(places)) if field in several else (places[0],)
    return found


def bank_columns(headers: Sequence[str], given: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[int, ...]]:
    """Which column each field is in: as given, else by its name."""
    found = columns_of(headers, BANK, _SEVERAL)
    for field, wanted in given.items():
        found[field] = tuple(headers.index(header) for header in wanted if header in headers)
    given_places = {place for field in given for place in found[field]}
    kept = {
        field: places if field in given else tuple(place for place in places if place not in given_places)
        for field, places in found.items()
    }
    if kept.get("credit") and kept.get("debit") and "amount" not in given:
        kept.pop("amount", None)  # “Importe” beside them is often the balance, or the same once more
    return {field: places for field, places in kept.items() if places}


class Known(AbstractSet[str]):
    """Every header that means something here, and those a mapping names: by them a table's header line is found."""

    def __init__(self, headers: AbstractSet[str] = frozenset()) -> None:
        self._headers = headers
        self._names = {name for fields in (BANK, PAYPAL, MERCADO_PAGO) for names in fields.values() for name in names}

    def __contains__(self, header: object) -> bool:
        return isinstance(header, str) and (header in self._headers or name_of(header) in self._names)

    def __iter__(self) -> Iterator[str]:
        return iter(self._headers | self._names)

    def __len__(self) -> int:
        return len(self._headers | self._names)
