"""`puntual interest` and `puntual export payments`: one story from a file of invoices."""

import json
import subprocess
from pathlib import Path

from puntual.cli.tests.conftest import Command

INVOICES = """\
customer_code,customer_name,number,issue_date,due_date,currency,amount
C1,Viñas,F-1,2026-01-10,2026-02-10,MXN,10000.00
"""
PAYMENTS = "customer_code,invoice_number,date,amount,currency,reference\nC1,F-1,2026-03-01,400.50,MXN,=OP-1\n"


def test_exports_and_interest(puntual: Command, tmp_path: Path) -> None:
    puntual.good("org", "create", "acme", "--name", "Acme", "--country", "MX", "--currency", "MXN")
    invoices, payments, out = (tmp_path / name for name in ("invoices.csv", "payments.csv", "out.csv"))
    invoices.write_text(INVOICES)
    payments.write_text(PAYMENTS)
    puntual.good("import", "invoices", invoices, "--org", "acme")
    puntual.good("import", "payments", payments, "--org", "acme")

    assert puntual.json("interest", "--org", "acme")["items"] == []  # off until it is turned on
    charged = puntual.json("interest", "--org", "acme", "--charge")
    assert (charged["charged"], charged["totals"]) == (0, {})

    puntual.good("export", "payments", "--org", "acme", "--new", "--out", out)
    first = out.read_bytes()
    assert b"'=OP-1" in first and b"400.50" in first
    puntual.good("export", "payments", "--org", "acme", "--again", "1", "--out", out)
    assert out.read_bytes() == first
    nothing: subprocess.CompletedProcess[str] = puntual("export", "payments", "--org", "acme", "--new")
    assert nothing.returncode == 1 and nothing.stdout == ""
    told = json.loads(
        puntual(
            "export", "payments", "--org", "acme", "--from", "2026-03-01", "--to", "2026-03-31", "--format", "json"
        ).stdout
    )
    assert [one["movement"] for one in told["movements"]].count("received") == 1
    assert puntual("export", "payments", "--org", "acme", "--again", "9").returncode == 2
