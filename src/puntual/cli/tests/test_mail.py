"""`puntual import mail`: what a raw message is, with and without an organization to land in."""

from pathlib import Path

from puntual.cli.tests.conftest import Command

REPLY = """\
From: Elvira <pagos@c1.example>
To: cobranzas@sembria.example
Subject: Re: Factura
Date: Mon, 23 Nov 2026 08:30:00 -0500
Message-ID: <a1@c1.example>

Pagaremos el viernes.
"""
BOUNCE = """\
From: MAILER-DAEMON@mx.example
To: cobranzas@sembria.example
Subject: failure notice

<pagos@c1.example>:
550 5.1.1 User unknown
"""


def _file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_messages_are_read_without_a_database(bare: Command, tmp_path: Path) -> None:
    """One object with a line for every message, in the words others script against."""
    one, two = _file(tmp_path, "1.eml", REPLY), _file(tmp_path, "2.eml", BOUNCE)
    box = _file(
        tmp_path,
        "box.mbox",
        f"From a@b.example Mon Nov 23 08:30:00 2026\n{REPLY}\nFrom a@b.example Mon Nov 23 2026\n{BOUNCE}",
    )
    told = bare.json("import", "mail", one, two, box)["files"]
    assert [(each["file"], each["kind"], each["hard"], each["addresses"]) for each in told] == [
        (str(one), "reply", None, ["pagos@c1.example"]),
        (str(two), "bounce", True, ["pagos@c1.example"]),
        (str(box), "reply", None, ["pagos@c1.example"]),
        (str(box), "bounce", True, ["pagos@c1.example"]),
    ]
    assert "para siempre" in bare.good("import", "mail", two, "--lang", "es")


def test_a_file_without_a_message_is_said(bare: Command, tmp_path: Path) -> None:
    empty = _file(tmp_path, "empty.eml", "")
    assert bare("import", "mail", empty, "--lang", "en").returncode == 1
    assert "one file at a time" in bare.refused(2, "import", "invoices", empty, empty, "--lang", "en")


def test_in_an_organization_they_land_once(puntual: Command, tmp_path: Path) -> None:
    puntual.good("org", "create", "acme", "--name", "Acme", "--country", "PE", "--currency", "PEN")
    one = _file(tmp_path, "1.eml", REPLY)
    (first,) = puntual.json("import", "mail", one, "--org", "acme")["files"]
    assert (first["new"], first["state"], first["customer_id"]) == (True, "unread", None)
    (again,) = puntual.json("import", "mail", one, "--org", "acme")["files"]
    assert (again["new"], again["answer_id"]) == (False, first["answer_id"])
    assert "no-such" in puntual.refused(2, "import", "mail", one, "--org", "no-such")
