"""Example values of the variables, as a reader of a country and a language would see them: for measuring and for trying a text
where no customer was chosen.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from puntual.strategies.texts import base_language
from puntual.strategies.variables import VARIABLES


@dataclass(frozen=True, slots=True)
class _Region:
    """What differs from country to country; everything is invented."""

    person: str
    company: str
    creditor: str
    tax_id: str
    address: str
    phone: str
    number: str
    amounts: tuple[str, str, str]  # two invoices and their sum
    account: str


_REGIONS = {
    "AR": _Region(
        "Lucía Ferreyra", "Textiles del Delta S.A.", "Rumbo Servicios S.R.L.", "CUIT 30-71234567-1",
        "Av. Rivadavia 1420, Buenos Aires", "+54 11 5555 0142", "A-0003-00000254",
        ("$ 310.000,00", "$ 162.000,00", "$ 472.000,00"), "ARS · Banco del Plata · CBU 0110599520000001234567",
    ),
    "BR": _Region(
        "Ana Ribeiro", "Tecidos do Vale Ltda.", "Rumo Serviços Ltda.", "CNPJ 12.345.678/0001-95",
        "Rua das Acácias, 210, São Paulo", "+55 11 5555-0142", "NF 2547",
        ("R$ 3.100,00", "R$ 1.620,00", "R$ 4.720,00"), "BRL · Banco Central do Vale · ag. 0012, conta 45678-9",
    ),
    "CL": _Region(
        "Paula Contreras", "Textiles Maule SpA", "Rumbo Servicios SpA", "RUT 76.123.456-0",
        "Av. Providencia 1208, Santiago", "+56 2 5555 0142", "2547",
        ("$310.000", "$162.000", "$472.000"), "CLP · Banco Andino · cuenta corriente 00-123-45678-9",
    ),
    "CO": _Region(
        "Mariana Restrepo", "Textiles del Cauca S.A.S.", "Rumbo Servicios S.A.S.", "NIT 900.123.456-8",
        "Calle 72 # 10-34, Bogotá", "+57 601 555 0142", "FE-2547",
        ("$ 3.100.000,00", "$ 1.620.000,00", "$ 4.720.000,00"), "COP · Banco Andino · cuenta de ahorros 123-456789-01",
    ),
    "DO": _Region(
        "Rosa Peralta", "Textiles Cibao S.R.L.", "Rumbo Servicios S.R.L.", "RNC 1-01-12345-2",
        "Av. Winston Churchill 95, Santo Domingo", "+1 809 555 0142", "B0100000254",
        ("RD$31,000.00", "RD$16,200.00", "RD$47,200.00"), "DOP · Banco del Caribe · cuenta 123456789",
    ),
    "EC": _Region(
        "Gabriela Cevallos", "Textiles Imbabura Cía. Ltda.", "Rumbo Servicios S.A.", "RUC 1790012345001",
        "Av. Amazonas N34-120, Quito", "+593 2 555 0142", "001-001-000000254",
        ("$3.100,00", "$1.620,00", "$4.720,00"), "USD · Banco Andino · cuenta corriente 1234567890",
    ),
    "ES": _Region(
        "Marta Iglesias", "Textiles del Ebro, S.L.", "Rumbo Servicios, S.L.", "NIF B12345674",
        "Calle de Alcalá 120, Madrid", "+34 910 000 142", "2026/254",
        ("3100,00 €", "1620,00 €", "4720,00 €"), "EUR · Banco Mediterráneo · ES91 2100 0418 4502 0005 1332",
    ),
    "MX": _Region(
        "Daniela Cisneros", "Textiles del Bajío, S.A. de C.V.", "Rumbo Servicios, S.A. de C.V.", "RFC RSE120101AB1",
        "Av. Reforma 210, Ciudad de México", "+52 55 5555 0142", "A-2547",
        ("$31,000.00", "$16,200.00", "$47,200.00"), "MXN · Banco del Norte · CLABE 032180000118359719",
    ),
    "PE": _Region(
        "Elvira Montalván", "Textiles Quenara S.A.", "Rumbo Servicios S.A.C.", "RUC 20123456786",
        "Av. Larco 743, Miraflores, Lima", "+51 1 555 0142", "F001-254",
        ("S/ 3,100.00", "S/ 1,620.00", "S/ 4,720.00"), "PEN · Banco Andino · 194-1234567-0-12",
    ),
    "US": _Region(
        "Grace Whitfield", "Riverbend Textiles, Inc.", "Course Services LLC", "EIN 12-3456789",
        "210 Harbor Street, Miami, FL", "+1 305 555 0142", "INV-2547",
        ("$3,100.00", "$1,620.00", "$4,720.00"), "USD · First Coastal Bank · routing 061000052, account 1234567890",
    ),
}  # fmt: skip
_COUNTRY_OF = {"es": "PE", "en": "US", "pt": "BR"}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "es": {
        "invoice_count": "2 facturas",
        "days_late": "18 días",
        "due_date": "5 de noviembre de 2026",
        "answer_by": "lunes 30 de noviembre",
        "late": "5 nov 2026 (hace 18 días)|14 nov 2026 (hace 9 días)",
        "offer": "un plan de hasta 3 cuotas",
        "early_payment": "Si paga hasta el 30 de noviembre, basta con {amount}: el descuento es de {discount}.",
        "agreed_date": "30 de noviembre de 2026",
        "agreed_part": "2 de 4",
        "decision": "Sobre la factura {number}: tiene razón por {amount}, y hay una nota de crédito por ello.",
        "kept_months": "12 meses",
        "opt_out": "Si prefiere no recibir estos mensajes por este medio, responda a este y lo anotamos.",
        "opt_out_sms": "Para no recibir otros, responda BAJA.",
    },
    "en": {
        "invoice_count": "2 invoices",
        "days_late": "18 days",
        "due_date": "November 5, 2026",
        "answer_by": "Monday, November 30",
        "late": "Nov 5, 2026 (18 days ago)|Nov 14, 2026 (9 days ago)",
        "offer": "a plan of up to 3 payments",
        "early_payment": "Paid by November 30, {amount} is enough: the discount is {discount}.",
        "agreed_date": "November 30, 2026",
        "agreed_part": "2 of 4",
        "decision": "About invoice {number}: you are right about {amount}, and there is a credit note for it.",
        "kept_months": "12 months",
        "opt_out": "If you prefer not to receive these messages by this means, answer this one and we will note it.",
        "opt_out_sms": "Reply STOP to receive no more.",
    },
    "pt": {
        "invoice_count": "2 faturas",
        "days_late": "18 dias",
        "due_date": "5 de novembro de 2026",
        "answer_by": "segunda-feira, 30 de novembro",
        "late": "5 de nov. de 2026 (há 18 dias)|14 de nov. de 2026 (há 9 dias)",
        "offer": "um plano de até 3 parcelas",
        "early_payment": "Pagando até 30 de novembro, basta {amount}: o desconto é de {discount}.",
        "agreed_date": "30 de novembro de 2026",
        "agreed_part": "2 de 4",
        "decision": "Sobre a fatura {number}: você tem razão em {amount}, e há uma nota de crédito por isso.",
        "kept_months": "12 meses",
        "opt_out": "Se preferir não receber estas mensagens por este meio, responda a esta e anotamos.",
        "opt_out_sms": "Para cancelar, responda SAIR.",
    },
}


def examples(language: str, country: str, channel: str, *, consumer: bool = False) -> dict[str, str]:
    """A value for every variable; a country without examples of its own takes those of its language."""
    base = base_language(language)
    region = _REGIONS.get(country) or _REGIONS[_COUNTRY_OF[base]]
    words = _WORDS[base]
    rows = zip((region.number, _next(region.number)), words["late"].split("|"), region.amounts, strict=False)
    company = f"{region.creditor}, {region.tax_id}"
    sms = channel == "sms"
    values = {
        "greeting_name": region.person,
        "customer_name": region.person if consumer else region.company,
        "creditor_name": region.creditor,
        "agency_name": "Puente Gestiones",
        "agency_phone": "+1 212 555 0134",
        "agency_email": "hola@puente.example",
        "invoice_list": "\n".join("  ".join(row) for row in rows),
        "invoice_count": words["invoice_count"],
        "first_number": region.number,
        "days_late": words["days_late"],
        "due_date": words["due_date"],
        "total": region.amounts[2],
        "answer_by": words["answer_by"],
        "payment_details": f"{region.account} · {region.creditor}",
        "offer": words["offer"],
        "early_payment": words["early_payment"].format(amount=region.amounts[0], discount=region.amounts[1]),
        "agreed_amount": region.amounts[1],
        "agreed_date": words["agreed_date"],
        "agreed_part": words["agreed_part"],
        "agreed_left": region.amounts[2],
        "agreement_number": "PP-2026-0001",
        "decision": words["decision"].format(number=region.number, amount=region.amounts[0]),
        "paid_amount": region.amounts[2],
        "kept_months": words["kept_months"],
        "advice_link": "https://pagos.example/c/learn/es/",
        "portal_link": "https://pagos.example/c/7Q2K",
        "creditor_phone": region.phone,
        "creditor_email": "cobranzas@rumbo.example",
        "signature": region.creditor if sms else f"{company}\n{region.address}\n{region.phone}",
        "opt_out": words["opt_out_sms"] if sms else words["opt_out"],
        "caller_name": "Carmen Ríos",
    }
    return {name: values[name] for name in VARIABLES}


def _next(number: str) -> str:
    """The number after: F001-254 → F001-255."""
    return number[:-1] + str((int(number[-1]) + 1) % 10)
