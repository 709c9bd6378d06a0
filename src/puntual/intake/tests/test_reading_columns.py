"""Columns recognized by their names and by what is in them."""

import pytest

from puntual.intake.reading.columns import recognize
from puntual.intake.reading.fields import FIELDS, LABELS, REQUIRED, Kind
from puntual.kernel.sheets.headers import concepts, header_signature
from puntual.kernel.sheets.words import NAMED

SAMPLES = {
    "date": ["15/03/2026", "2026-04-01"],
    "amount": ["1.234,50", "S/ 20.00"],
    "code": ["C001", "000123"],
    "number": ["F001-000123", "F001-000124"],
    "name": ["Peña y Cía", "ACME SAC"],
    "email": ["a@b.com"],
    "currency": ["PEN", "USD"],
    "ruc": ["20100070970", "20131312955", "20100047218"],
    "flag": ["Sí", "No"],
    "days": ["30", "45 días"],
    "country": ["Perú", "Chile"],
    "text": ["Servicio de marzo"],
    "phone": ["999 888 777"],
}


def matched(kind, columns):
    headers = dict(enumerate(columns))
    samples = {n: SAMPLES[sample] if isinstance(sample, str) else sample for n, sample in enumerate(columns.values())}
    found = recognize(headers, samples, kind)
    names = list(columns)
    return {field: [names[column] for column in match.columns] for field, match in found.matches.items()}, found.ties


INVOICE_HEADERS = [
    ("Código", "code", "customer_code"),
    ("Cód. cliente", "code", "customer_code"),
    ("customerID", "code", "customer_code"),
    ("cust_number", "code", "customer_code"),
    ("Cliente", "name", "customer_name"),
    ("Cliente", "code", "customer_code"),
    ("Razón social", "name", "customer_name"),
    ("Nombre / Razón Social", "name", "customer_name"),
    ("Razão social do cliente", "name", "customer_name"),
    ("Bill To", "name", "customer_name"),
    ("RUC", "ruc", "customer_tax_id"),
    ("RUC/DNI", "ruc", "customer_tax_id"),
    ("CNPJ", ["12.345.678/0001-95"], "customer_tax_id"),
    ("CPF/CNPJ", ["12.345.678/0001-95"], "customer_tax_id"),
    ("Tax ID", "ruc", "customer_tax_id"),
    ("Nro. documento", "ruc", "customer_tax_id"),
    ("Nro. documento", "number", "number"),
    ("Doc. identidad", ["45678912"], "customer_tax_id"),
    ("Correo", "email", "customer_email"),
    ("Correo electrónico", "email", "customer_email"),
    ("E-mail", "email", "customer_email"),
    ("Teléfono", "phone", "customer_phone"),
    ("Celular", "phone", "customer_phone"),
    ("País", "country", "customer_country"),
    ("Factura", "number", "number"),
    ("N° Factura", "number", "number"),
    ("Nº", "number", "number"),
    ("# factura", "number", "number"),
    ("invoiceNumber", "number", "number"),
    ("invoice_id", "number", "number"),
    ("Número da nota fiscal", "number", "number"),
    ("Comprobante", "number", "number"),
    ("Serie-Número", "number", "number"),
    ("Tipo de documento", ["01", "07"], "document_type"),
    ("Fecha de emisión", "date", "issue_date"),
    ("F. Emisión", "date", "issue_date"),
    ("InvoiceDate", "date", "issue_date"),
    ("Data de emissão", "date", "issue_date"),
    ("Fecha", "date", "issue_date"),
    ("F. vencimiento", "date", "due_date"),
    ("Fec. Vcto.", "date", "due_date"),
    ("Vencimento", "date", "due_date"),
    ("DueDate", "date", "due_date"),
    ("due_in_date", "date", "due_date"),
    ("Fecha límite de pago", "date", "due_date"),
    ("Condición de pago", "days", "terms_days"),
    ("Días de crédito", "days", "terms_days"),
    ("Prazo", "days", "terms_days"),
    ("Moneda", "currency", "currency"),
    ("Moeda", "currency", "currency"),
    ("invoice_currency", "currency", "currency"),
    ("Importe", "amount", "amount"),
    ("Importe total (S/)", "amount", "amount"),
    ("Valor", "amount", "amount"),
    ("InvoiceAmount", "amount", "amount"),
    ("Total", "amount", "amount"),
    ("Saldo", "amount", "open_amount"),
    ("Saldo pendiente", "amount", "open_amount"),
    ("Importe por cobrar", "amount", "open_amount"),
    ("Amount due", "amount", "open_amount"),
    ("Valor em aberto", "amount", "open_amount"),
    ("total_open_amount", "amount", "open_amount"),
    ("SettledDate", "date", "paid_on"),
    ("Fecha de pago", "date", "paid_on"),
    ("clear_date", "date", "paid_on"),
    ("Data de pagamento", "date", "paid_on"),
    ("Pagado", "date", "paid_on"),
    ("Pagado", "amount", "paid_amount"),
    ("A cuenta", "amount", "paid_amount"),
    ("Disputed", "flag", "disputed"),
    ("Observada", "flag", "disputed"),
    ("Glosa", "text", "description"),
    ("Concepto", "text", "description"),
    ("Mandante", "text", "creditor"),
    ("whatever", "email", "customer_email"),
    ("whatever", "currency", "currency"),
    ("whatever", "ruc", "customer_tax_id"),
]


@pytest.mark.parametrize(("header", "sample", "field"), INVOICE_HEADERS)
def test_a_column_of_invoices_is_recognized(header, sample, field):
    matches, ties = matched(Kind.INVOICES, {header: sample})
    assert (matches, ties) == ({field: [header]}, {})


@pytest.mark.parametrize(
    ("header", "sample"),
    [
        ("PaperlessBill", ["Paper", "Electronic"]),
        ("PaperlessDate", "date"),
        ("DaysToSettle", "days"),
        ("DaysLate", "days"),
        ("Días vencidos", "days"),
        ("countryCode", ["391", "406"]),
        ("Pagado", "flag"),
        ("IGV", "amount"),
        ("Tax", ["18.00", "36.54"]),
        ("Correo del vendedor", "email"),
        ("Usuario registro", "name"),
        ("Código", ["uno", "dos"]),
        ("cust_payment_terms", ["NAH4", "NAA8"]),
        ("whatever", "date"),
        ("whatever", "amount"),
    ],
)
def test_a_column_that_says_something_else_is_left_alone(header, sample):
    assert matched(Kind.INVOICES, {header: sample}) == ({}, {})


@pytest.mark.parametrize(
    ("kind", "header", "sample", "field"),
    [
        (Kind.CUSTOMERS, "Idioma", ["Español"], "language"),
        (Kind.CUSTOMERS, "Dirección fiscal", "text", "address"),
        (Kind.CUSTOMERS, "Contacto", "name", "contact_name"),
        (Kind.CUSTOMERS, "Cargo", "text", "contact_role"),
        (Kind.CUSTOMERS, "Vendedor", "name", "salesperson"),
        (Kind.CUSTOMERS, "Etiquetas", "text", "tags"),
        (Kind.CUSTOMERS, "Condiciones de pago", "days", "terms_days"),
        (Kind.PAYMENTS, "Fecha de pago", "date", "date"),
        (Kind.PAYMENTS, "Importe", "amount", "amount"),
        (Kind.PAYMENTS, "Nro. operación", "code", "reference"),
        (Kind.PAYMENTS, "Referencia", "code", "reference"),
        (Kind.PAYMENTS, "Factura", "number", "invoice_numbers"),
        (Kind.PAYMENTS, "Documentos aplicados", "number", "invoice_numbers"),
        (Kind.PAYMENTS, "Medio de pago", "text", "method"),
        (Kind.PAYMENTS, "Glosa", "text", "memo"),
        (Kind.BALANCES, "Saldo actual", "amount", "open_amount"),
        (Kind.BALANCES, "Importe", "amount", "open_amount"),
        (Kind.BALANCES, "Fecha de corte", "date", "date"),
    ],
)
def test_a_column_of_another_kind_is_recognized(kind, header, sample, field):
    assert matched(kind, {header: sample}) == ({field: [header]}, {})


def test_the_better_name_wins_and_equal_ones_are_asked_about():
    matches, ties = matched(Kind.INVOICES, {"Importe": "amount", "Importe total": "amount"})
    assert (matches["amount"], ties) == (["Importe total"], {})
    _, ties = matched(Kind.INVOICES, {"Importe S/": "amount", "Importe US$": "amount"})
    assert ties == {"amount": (0, 1)}
    _, ties = matched(Kind.INVOICES, {"Importe": "amount", "Importe (2)": "amount"})
    assert ties == {"amount": (0, 1)}


def test_series_and_number_make_one_document_number():
    matches, _ = matched(Kind.INVOICES, {"Serie": ["F001"], "Número": ["123", "124"], "Cliente": "name"})
    assert matches["number"] == ["Serie", "Número"]


def test_a_whole_file_of_a_public_data_set_is_recognized():
    columns = {
        "countryCode": ["391", "406"],
        "customerID": ["0379-NEVHP", "8976-AMJEO"],
        "PaperlessDate": "date",
        "invoiceNumber": ["611365", "7900770"],
        "InvoiceDate": "date",
        "DueDate": "date",
        "InvoiceAmount": "amount",
        "Disputed": ["Yes", "No"],
        "SettledDate": "date",
        "PaperlessBill": ["Paper", "Electronic"],
        "DaysToSettle": "days",
        "DaysLate": "days",
    }
    assert matched(Kind.INVOICES, columns) == (
        {
            "customer_code": ["customerID"],
            "number": ["invoiceNumber"],
            "issue_date": ["InvoiceDate"],
            "due_date": ["DueDate"],
            "amount": ["InvoiceAmount"],
            "disputed": ["Disputed"],
            "paid_on": ["SettledDate"],
        },
        {},
    )


def test_the_dictionary_names_fields_that_exist():
    for kind in Kind:
        named = {field for fields in NAMED[kind].values() for field, _ in fields}
        assert named == FIELDS[kind].keys()
        assert FIELDS[kind].keys() <= LABELS.keys()
        assert {field for groups in REQUIRED[kind] for group in groups for field in group} <= FIELDS[kind].keys()


def test_words_of_the_dictionary_are_single_and_folded():
    for header in ("Fecha de Vencimiento", "vencimiento_fecha", "FechaVencimiento", "F. VCTO.", "dueDate", "DUE DATE"):
        assert concepts(header) == {"date", "due"}


def test_the_signature_ignores_accents_and_the_columns_of_refused_rows():
    assert header_signature(["Código", "Importe", ""]) == header_signature(["line", "reason", "CODIGO", "importe"])
    assert header_signature(["Código", "Importe"]) != header_signature(["Importe", "Código"])
