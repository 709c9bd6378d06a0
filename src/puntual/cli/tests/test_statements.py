"""`puntual import statement`: one object for all files, each taken whole or not at all."""

from pathlib import Path

from puntual.cli.tests.conftest import Command

MT940 = """\
:20:START
:25:NL91ABNA0417164300
:28C:1
:60F:C260320EUR1000,00
:61:2603200320C1250,50NTRFNONREF//B-1
:86:Factura F001-7
:61:2603210321D80,25NMSCNONREF//B-2
:62F:C260321EUR{closing}
"""
SHEET = "Fecha;Concepto;Importe\n01/02/2026;F001-7;5,00\n"
MAP = 'date_order = "month-first"\ncurrency = "EUR"\naccount = "77"\n[columns]\ntext = "Concepto"\n'


def test_statements(puntual: Command, tmp_path: Path) -> None:
    puntual.good("org", "create", "acme", "--name", "Acme", "--country", "ES", "--currency", "EUR")
    good, odd, bad, sheet, mapping = (
        tmp_path / name for name in ("good.sta", "odd.sta", "bad.xml", "sheet.csv", "map.toml")
    )
    good.write_text(MT940.format(closing="2170,25"))
    odd.write_text(MT940.format(closing="2170,00"))
    bad.write_text("<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><Document/>")
    sheet.write_text(SHEET)
    mapping.write_text(MAP)

    (first,) = puntual.json("import", "statement", good, "--org", "acme")["files"]
    (statement,) = first.pop("statements")
    assert first == {"file": str(good), "format": "mt940", "warnings": [], "states": {"new": 2}, "error": None}
    assert {
        name: statement[name] for name in ("account", "currency", "opening", "closing", "entries", "credits", "debits")
    } == {
        "account": "NL91ABNA0417164300",
        "currency": "EUR",
        "opening": "1000.00",
        "closing": "2170.25",
        "entries": 2,
        "credits": "1250.50",
        "debits": "80.25",
    }
    (again,) = puntual.json("import", "statement", good, "--org", "acme", "--lang", "es")["files"]
    assert again["states"] == {"duplicate": 2}

    told = puntual("import", "statement", odd, bad, "--org", "acme", "--json", "--lang", "en")
    assert told.returncode == 1
    assert '"states": {"duplicate": 2}' in told.stdout and "0.25 EUR" in told.stdout
    assert "document type or entities" in told.stdout

    assert "date_order" in puntual.refused(2, "import", "statement", sheet, "--org", "acme", "--lang", "en")
    (mapped,) = puntual.json("import", "statement", sheet, "--org", "acme", "--map", mapping)["files"]
    assert (mapped["states"], mapped["statements"][0]["from"]) == ({"new": 1}, "2026-01-02")
    (remembered,) = puntual.json("import", "statement", sheet, "--org", "acme")["files"]
    assert remembered["states"] == {"duplicate": 1}
