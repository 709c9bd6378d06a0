"""The message as it leaves: read back by the standard library it says what was meant, whatever a name or a subject holds."""

import email
import email.policy
import re
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puntual.outreach.channels import Document, Message, Undeliverable
from puntual.outreach.channels.email.mime import mime

MESSAGE = Message(
    message_id="<01a20118-11bd-784a-881b-ffb4f0b351fc@cobros.example>",
    at=datetime(2026, 11, 23, 14, 12, tzinfo=UTC),
    sender_name="Sembria Talento S.A.C.",
    sender="cobranzas@sembria.example",
    recipient_name="Elvira Montalván",
    recipient="pagos@quenara.example",
    subject="Factura F001-245: días de atraso",
    text="Buenos días:\n\nQueda pendiente S/ 4,720.00.\n.\nFrom here = to there\n",
    html="<!doctype html><p>Buenos días</p>",
    language="es",
    stop_link="https://cobros.example/c/stop/abc",
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


def _read(message: Message) -> EmailMessage:
    raw = mime(message)
    assert raw.isascii() and raw.endswith(b"\r\n") and not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)
    assert max(map(len, raw.split(b"\r\n"))) <= 998  # RFC 5322, 2.1.1
    return email.message_from_bytes(raw, policy=email.policy.default)


def test_what_it_says_is_what_was_meant() -> None:
    read = _read(MESSAGE)
    assert not read.defects
    assert read["From"] == '"Sembria Talento S.A.C." <cobranzas@sembria.example>' == read["Reply-To"]
    assert (read["To"], read["Subject"]) == ("Elvira Montalván <pagos@quenara.example>", MESSAGE.subject)
    assert read["Date"].datetime == MESSAGE.at and read["Message-ID"] == MESSAGE.message_id
    assert read["Auto-Submitted"] == "auto-generated"
    assert read.get_body(("plain",)).get_content().replace("\r\n", "\n") == MESSAGE.text
    assert read.get_body(("html",)).get_content().strip() == MESSAGE.html
    assert mime(MESSAGE) == mime(MESSAGE)


def test_the_button_to_stop_is_as_the_standards_want_it() -> None:
    read = _read(MESSAGE)
    assert (
        read["List-Unsubscribe"] == "<https://cobros.example/c/stop/abc>"
    )  # RFC 2369, 2: one https address (RFC 8058, 3.1)
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    without = _read(replace(MESSAGE, stop_link=""))
    assert without["List-Unsubscribe"] is None and without["List-Unsubscribe-Post"] is None


def test_files_go_along_whatever_their_names() -> None:
    files = (
        Document("estado.pdf", "application/pdf", bytes(range(256)) * 40),
        Document('año "1".pdf', "application/pdf", b"x"),
        Document("vacío", "application/xml", b""),
    )
    read = _read(replace(MESSAGE, documents=files))
    found = [
        (one.get_filename(), one.get_content_type(), one.get_payload(decode=True)) for one in read.iter_attachments()
    ]
    assert found == [(one.name, one.content_type, one.content) for one in files]
    assert read.get_body(("plain",)).get_content().replace("\r\n", "\n") == MESSAGE.text


@given(subject=TEXT, name=TEXT, text=TEXT)
def test_no_name_and_no_subject_adds_a_header(subject: str, name: str, text: str) -> None:
    message = replace(MESSAGE, subject=subject, recipient_name=name, sender_name=name, text=text + "\n")
    read = _read(message)
    assert sorted(read.keys()) == sorted(_read(MESSAGE).keys())
    (to,) = read["To"].addresses
    assert f"{to.username}@{to.domain}" == MESSAGE.recipient
    said = message.text.replace("\r\n", "\n").encode("utf-8", "replace").decode()
    assert read.get_body(("plain",)).get_payload(decode=True).decode().replace("\r\n", "\n") == said


@pytest.mark.parametrize(
    "address",
    ["pagos@", "pagos", "", "@", "a@b.example, c@d.example", "a@b.example\r\nBcc: x@y.example", "ñ@b.example"],
)
def test_an_address_that_is_none_is_refused_before_anything_leaves(address: str) -> None:
    for changed in ({"recipient": address}, {"sender": address} if address else {"recipient": address}):
        with pytest.raises(Undeliverable):
            mime(replace(MESSAGE, **changed))
