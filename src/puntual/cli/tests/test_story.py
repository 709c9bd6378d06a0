"""From nothing to today's collections by command: each test goes on where the one before it ended."""

import csv
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
import zipfile
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import psycopg
import pytest

from puntual.cli.tests.conftest import PUNTUAL, Command

INVOICES = """\
cliente,nombre,ruc,correo,factura,fecha_emision,fecha_vencimiento,moneda,importe
001,Ñandú Textiles S.A.C.,20100070970,pagos@nandu.example,F001-1,2026-06-03,2026-07-03,PEN,1180.00
001,Ñandú Textiles S.A.C.,20100070970,pagos@nandu.example,F001-2,2026-08-15,2026-09-15,PEN,590.50
002,Bodegas del Sur,,cobros@bodegas.example,F001-3,2026-08-25,2026-09-24,USD,300.00
003,Aguas Claras,,,F001-4,2026-08-28,2026-09-30,PEN,hola
"""
DAY = "2026-10-01"  # a Thursday; every date here lies in the past of whoever runs this
AMBIGUOUS = "cliente,factura,fecha_vencimiento,moneda,importe\n1,A-1,03/04/2026,PEN,10\n2,A-2,05/06/2026,PEN,20\n"


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    (folder / "invoices.csv").write_text(INVOICES, encoding="utf-8")
    (folder / "ambiguous.csv").write_text(AMBIGUOUS, encoding="utf-8")
    (folder / "picture.csv").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\xff\xfe\x00")
    (folder / "empty.csv").write_bytes(b"")
    return folder


def test_an_organization_begins(puntual: Command) -> None:
    assert "org create" in puntual.refused(2, "report", "aging")
    made = puntual.json("org", "create", "acme", "--name", "Acme", "--country", "PE", "--currency", "PEN")
    assert made.pop("id")
    assert made == {
        "slug": "acme",
        "name": "Acme",
        "country": "PE",
        "currency": "PEN",
        "language": "es",
        "time_zone": "America/Lima",
        "mode": "rehearsal",
    }
    assert "PERU" in puntual.refused(1, "org", "create", "b", "--name", "B", "--country", "PERU", "--currency", "PEN")


def test_a_file_comes_in_and_its_bad_row_comes_back(puntual: Command, files: Path) -> None:
    found = puntual.json("import", "invoices", files / "invoices.csv", "--org", "acme", "--check", code=1)
    assert (found["created"], found["rejected"], found["job"]) == (3, 1, None)
    found = puntual.json("import", "invoices", files / "invoices.csv", "--org", "acme", code=1)
    assert found["rows"] == 4 and found["created"] == 3 and found["rejected"] == 1 and found["customers"] == 2
    assert {currency: Decimal(amount) for currency, amount in found["totals"].items()} == {
        "PEN": Decimal("1770.50"),
        "USD": Decimal(300),
    }
    (reject,) = found["rejects"]
    assert (reject["line"], reject["column"], reject["value"]) == (5, "importe", "hola")
    assert "hola" in Path(found["rejects_file"]).read_text(encoding="utf-8-sig")
    again = puntual.json("import", "invoices", files / "invoices.csv", code=1)
    assert (again["created"], again["unchanged"], again["rejected"]) == (0, 3, 1)


def test_a_wrong_file_is_told_in_the_readers_language(puntual: Command, files: Path) -> None:
    said = puntual.refused(1, "import", "invoices", files / "picture.csv")
    assert puntual.refused(1, "import", "invoices", files / "picture.csv", "--lang", "pt") != said
    assert puntual.refused(1, "import", "invoices", files / "empty.csv") != said
    assert "--map" in puntual.refused(2, "import", "invoices", files / "ambiguous.csv")


def test_aging_in_every_format(puntual: Command, files: Path) -> None:
    found = puntual.json("report", "aging", "--org", "acme", "--as-of", DAY)
    assert found["as_of"] == DAY
    assert found["buckets"] == ["current", "1-30", "31-60", "61-90", "91+"]
    assert found["totals"]["PEN"]["1-30"] == "590.50" and found["totals"]["PEN"]["61-90"] == "1180.00"
    assert found["counts"]["PEN"] == {"current": 0, "1-30": 1, "31-60": 0, "61-90": 1, "91+": 0, "total": 2}
    assert [(row["code"], row["currency"], row["total"]) for row in found["customers"]] == [
        ("002", "USD", "300.00"),
        ("001", "PEN", "1770.50"),
    ]
    rows = list(csv.DictReader(puntual.good("report", "aging", "--as-of", DAY, "--format", "csv").splitlines()))
    assert [row["total"] for row in rows] == ["300.00", "1770.50"]
    puntual.good("report", "aging", "--as-of", DAY, "--format", "xlsx", "--out", files / "aging.xlsx")
    assert openpyxl.load_workbook(files / "aging.xlsx").sheetnames == ["PEN", "USD"]
    table = puntual.good("report", "aging", "--as-of", "2026-07-01")
    assert "Antigüedad de saldos" in table and "1,180.00" in table and "590.50" not in table


def test_a_day_is_planned_once(puntual: Command) -> None:
    rehearsed = puntual.json("day", "--date", DAY, "--dry-run")
    planned = puntual.json("day", "--org", "acme", "--date", DAY)
    for found in (rehearsed, planned):
        assert found["date"] == DAY and found["customers"] == 2
        assert found["planned"] == 2 == sum(found["by_channel"].values()) == sum(found["by_step"].values())
        first = found["activities"][0]
        assert set(first) >= {"customer", "step", "tone", "channel", "not_before", "demand", "why"}
        assert {one["customer"] for one in found["activities"]} == {"001", "002"}
        assert {"PEN": "1770.50"} in [one["demand"] for one in found["activities"]]
    again = puntual.json("day", "--date", DAY)
    assert again["planned"] == 0 and len(again["activities"]) == 2
    assert sum(again["nothing"].values()) == 2


def test_a_day_to_come_is_only_rehearsed(puntual: Command) -> None:
    done = puntual("day", "--date", "2099-01-01", "--json")
    assert done.returncode == 0 and "2099-01-01" in done.stderr
    assert json.loads(done.stdout)["date"] == "2099-01-01"


def test_why(puntual: Command) -> None:
    said = puntual.json("why", "001", "--date", "2026-08-03")
    assert said["customer"] == "001" and said["why"]
    assert "X" in puntual.refused(2, "why", "X")


def test_a_sender_is_answered_for_and_a_record_is_taken_along(puntual: Command, files: Path) -> None:
    said = puntual.json("org", "sender", "Cobranzas@Sembria.example", "--name", "Sembria, cobranzas")
    assert (said["channel"], said["address"]) == ("email", "Cobranzas@sembria.example")
    puntual.refused(2, "org", "sender", "cobranzas@sembria.example", "--creditor", "nobody")
    record = files / "record.zip"
    assert puntual.json("record", "001", "--out", record)["customer"] == "001"
    with zipfile.ZipFile(record) as bundle:
        manifest = json.loads(bundle.read("manifest.json"))
        assert bundle.read("registro.pdf").startswith(b"%PDF-")
    assert manifest["customer"]["name"] == "Ñandú Textiles S.A.C."
    puntual.good("record", "001", "--out", files / "record.pdf")
    assert (files / "record.pdf").read_bytes().startswith(b"%PDF-")
    puntual.refused(2, "record", "999", "--out", record)


def test_a_record_is_a_whole_file_or_none(puntual: Command, files: Path) -> None:
    out = files / "english.zip"
    assert "files." in puntual.good("--lang", "en", "record", "001", "--creditor", "acme", "--out", out)
    with zipfile.ZipFile(out) as bundle:  # in the language of whoever asks
        assert {"manifest.json", "record.pdf"} <= set(bundle.namelist())
    assert "neither" in puntual.refused(2, "--lang", "en", "record", "001", "--out", files / "record.docx")
    assert "não é" in puntual.refused(2, "--lang", "pt", "record", "001", "--out", files / "record")
    nowhere = files / "no such folder" / "record.pdf"
    assert str(nowhere) in puntual.refused(1, "record", "001", "--out", nowhere)
    assert "nobody" in puntual.refused(2, "record", "001", "--creditor", "nobody", "--out", files / "nothing.pdf")
    assert not [one for one in files.iterdir() if "nothing" in one.name or one.name.startswith(".")]


def test_the_ledger_agrees_until_somebody_meddles(puntual: Command) -> None:
    found = puntual.json("verify")
    assert found["ok"] is True and found["differences"] == []
    assert found["checked"]["entries"] == 3
    with psycopg.connect(puntual.good("db", "url").strip()) as owner:
        owner.execute("ALTER TABLE receivables_installment DISABLE TRIGGER USER")
        owner.execute("UPDATE receivables_installment SET open_amount = open_amount - 1 WHERE currency = 'USD'")
        owner.execute("ALTER TABLE receivables_installment ENABLE TRIGGER USER")
    found = puntual.json("verify", "--org", "acme", code=1)
    assert found["ok"] is False
    assert {one["kind"] for one in found["differences"]} == {"open_amount", "portfolio"}


def test_a_manual_goes_out_and_comes_back_as_a_draft(puntual: Command, files: Path) -> None:
    text = puntual.good("strategy", "export")
    path = files / "manual.toml"
    path.write_text(text.replace("Manual estándar", "Manual nuestro"), encoding="utf-8")
    draft = puntual.json("strategy", "import", path)
    assert draft["state"] == "draft" and draft["number"] == 2
    broken = text.replace('tone = "firm"', 'tone = "rude"', 1)
    path.write_text(broken, encoding="utf-8")
    told = puntual.refused(1, "strategy", "import", path)
    line = broken.split("\n").index('tone = "rude"') + 1
    assert f" {line}. " in told and "tone" in told and "rude" in told
    assert puntual.good("strategy", "export") == text, "what is in force stays"
    assert "Manual nuestro" in puntual.good("strategy", "export", "--draft")
    assert "--draft" not in puntual.refused(2, "strategy", "export", "nobody", "--draft")
    path.write_text("code = ", encoding="utf-8")
    assert "TOML" in puntual.refused(1, "strategy", "import", path)
    codes = [manual["code"] for manual in puntual.json("strategy", "builtin")["manuals"]]
    assert codes == ["standard", "subscriptions", "schools", "agency"]


def test_segments_and_texts_go_out_and_come_back(puntual: Command, files: Path) -> None:
    assert puntual.good("strategy", "export", "--segments") == puntual.good("strategy", "export", "--texts") == ""
    path = files / "segments.toml"
    big = (
        '[[segment]]\ncode = "big"\nname = "Grandes"\n\n[[segment.condition]]\nfield = "days_overdue"\noperator = "at_least"\n'
        "value = 30\n"
    )
    path.write_text(big, encoding="utf-8")
    assert puntual.json("strategy", "import", path) == {"segments": ["big"]}
    assert puntual.good("strategy", "export", "--segments") == big
    path.write_text(big.replace("at_least", "above"), encoding="utf-8")
    assert "big" in puntual.refused(1, "strategy", "import", path)
    own = '[[text]]\ntemplate = "ours"\nchannel = "sms"\nlanguage = "es"\nbody = "Hola, {greeting_name}"\n'
    path.write_text(own, encoding="utf-8")
    assert puntual.json("strategy", "import", path) == {"texts": 1}
    assert puntual.refused(2, "strategy", "export", "standard-es", "--texts")


def test_a_manual_is_tried_on_the_past(puntual: Command) -> None:
    days = ("--from", "2026-06-20", "--to", "2026-07-10")
    found = puntual.json("strategy", "simulate", "standard-es", *days)
    assert (found["from"], found["to"]) == ("2026-06-20", "2026-07-10")
    assert found["activities"]
    for one in found["activities"]:
        assert set(one) == {
            *("at", "customer", "party", "country", "time_zone", "channel"),
            *("direction", "conversation", "step", "tone"),
        }
        assert datetime.fromisoformat(one["at"]).utcoffset() is not None
    draft = puntual.json("strategy", "simulate", "standard-es", *days, "--version", "draft")
    assert draft["version"] == 2
    assert "«9»" in puntual.refused(2, "strategy", "simulate", "standard-es", *days, "--version", "9")
    assert "standard-es" in puntual.refused(2, "strategy", "simulate", "nobody", *days)
    assert puntual.refused(1, "strategy", "simulate", "standard-es", "--from", "2026-07-10", "--to", "2026-06-20")


def test_several_organizations_have_to_be_told_apart(puntual: Command) -> None:
    made = puntual.json(
        *("org", "create", "lonkura", "--name", "Lonkura", "--country", "CL", "--currency", "CLP"),
        *("--live", "--owner", "ana@lonkura.example", "--manual", "schools"),
    )
    assert 'code = "schools-es"' in puntual.good("strategy", "export", "--org", "lonkura")
    installed = puntual.json("strategy", "install", "subscriptions", "--org", "lonkura")
    assert installed == {"strategy": "subscriptions-es", "number": 1, "state": "active"}
    assert "agency" in puntual.refused(1, "strategy", "install", "banks", "--org", "lonkura")
    assert made["mode"] == "live" and made["time_zone"] == "America/Santiago" and len(made["password"]) >= 12
    assert "acme, lonkura" in puntual.refused(2, "report", "aging")
    assert "acme, lonkura" in puntual.refused(2, "day", "--org", "nobody")
    assert puntual.json("report", "aging", "--org", "lonkura")["customers"] == []
    assert "aging" in puntual.refused(2, "report", "agin", "--org", "acme")


def test_a_worker_ends_when_nothing_waits(puntual: Command) -> None:
    assert puntual.good("work", "--once") == ""


def test_up_serves_mends_a_crash_and_stops(puntual: Command) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    up = subprocess.Popen(
        [PUNTUAL, "up", "--port", str(port)],
        env=puntual.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        lines = []
        while "127.0.0.1" not in (lines[-1] if lines else ""):
            line = up.stdout.readline()
            assert line, lines
            lines.append(line)
        assert answers(f"http://127.0.0.1:{port}/accounts/login/") == 200
        children = [int(pid) for pid in Path(f"/proc/{up.pid}/task/{up.pid}/children").read_text().split()]
        assert len(children) == 2
        os.kill(children[-1], signal.SIGKILL)
        while "-9" not in lines[-1]:
            lines.append(up.stdout.readline())
            assert lines[-1], lines
        os.killpg(up.pid, signal.SIGINT)  # as Ctrl-C at a terminal: everybody hears it
        rest = up.communicate(timeout=60)[0]
        assert up.returncode == 0, rest
        assert "Traceback" not in rest
    finally:
        if up.poll() is None:
            os.killpg(up.pid, signal.SIGKILL)
    assert answers(f"http://127.0.0.1:{port}/", patience=0) is None


def answers(url: str, patience: float = 30) -> int | None:
    """The status of an address once it answers."""
    deadline = time.monotonic() + patience
    while True:
        try:
            with urllib.request.urlopen(url, timeout=20) as response:
                return response.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            if time.monotonic() >= deadline:
                return None
            time.sleep(0.1)


def test_backup_and_restore(puntual: Command, files: Path) -> None:
    path = files / "puntual.backup"
    assert str(path) in puntual("db", "backup", path).stderr
    assert puntual("db", "restore", path, "--replace").returncode == 0
    assert len(puntual.json("report", "aging", "--org", "acme", "--as-of", DAY)["customers"]) == 2


def test_the_database_stops_and_starts_by_itself(puntual: Command) -> None:
    if "DATABASE_URL" in puntual.environment:
        assert "DATABASE_URL" in puntual.refused(1, "db", "stop")
        return
    assert puntual("db", "stop").returncode == 0
    assert puntual.json("verify", "--org", "lonkura")["ok"] is True
