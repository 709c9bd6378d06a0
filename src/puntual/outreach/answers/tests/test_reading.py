"""What a message is: told from what mail servers, providers and people really send."""

# ruff: noqa: E501 - a table of messages reads best with one a line

import time
from datetime import date
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puntual.outreach.answers.addressing import activity_of, answers_to
from puntual.outreach.answers.reading import read_mail, suggest
from puntual.outreach.answers.reading.addresses import own_key
from puntual.outreach.answers.reading.parts import MOST_BYTES
from puntual.outreach.answers.tests.post import OURS, complaint, letter, notice, report

ON = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("status", "diagnostic", "hard"),
    [
        ("5.1.1", "smtp; 550 5.1.1 <x@y.example>: Recipient address rejected: User unknown", True),
        ("5.1.10", "smtp; 550 5.1.10 RESOLVER.ADR.RecipientNotFound", True),
        ("5.1.2", "smtp; 550 Host unknown", True),
        ("5.4.4", "smtp; unable to look up host", True),
        ("5.0.0", "smtp; 550 No such user here", True),
        ("5.7.1", "smtp; 550 5.7.1 Unknown user", True),  # what the server says is plain, whatever its number
        ("4.1.1", "smtp; 450 4.1.1 User unknown in virtual alias table", False),  # it says temporary, so it is
        ("4.2.2", "smtp; 452 4.2.2 Mailbox full", False),
        ("5.2.2", "smtp; 552 5.2.2 Over quota", False),
        ("5.2.3", "smtp; 552 5.2.3 Message size exceeds fixed maximum", False),
        ("5.3.4", "smtp; 552 5.3.4 Message too big for system", False),
        ("5.4.7", "smtp; delivery time expired", False),
        ("5.7.1", "smtp; 550 5.7.1 Message rejected due to DMARC policy", None),
        ("5.7.26", "smtp; 550 5.7.26 Unauthenticated email is not accepted", None),
        ("5.1.8", "smtp; 550 5.1.8 Sender address rejected: Domain not found", None),  # our fault, not the address's
        ("5.0.0", "smtp; 5.1.0 - Unknown address error 550-'5.7.1 Access denied'", None),
        ("5.6.0", "smtp; 554 5.6.0 Message contains invalid header", None),
        ("5.0.0", "", None),
    ],
)
def test_a_report_is_hard_only_where_the_address_does_not_exist(
    status: str, diagnostic: str, hard: bool | None
) -> None:
    mail = read_mail(report(status=status, diagnostic=diagnostic), ON)
    assert (mail.kind, mail.hard, mail.addresses, mail.failed) == ("bounce", hard, ("pagos@c1.example",), True)
    assert mail.message_ids == (OURS,)


def test_a_forwarded_address_is_the_one_we_wrote_to() -> None:
    mail = read_mail(report(to="r@inside.example", original="pagos@c1.example"), ON)
    assert mail.addresses == ("pagos@c1.example",)


@pytest.mark.parametrize(("action", "kind", "failed"), [("delayed", "bounce", False), ("delivered", "other", False)])
def test_a_delay_is_soft_and_a_receipt_is_no_bounce(action: str, kind: str, failed: bool) -> None:
    mail = read_mail(report(action=action, status="4.4.1" if action == "delayed" else "2.0.0", diagnostic=""), ON)
    assert (mail.kind, mail.failed, mail.hard) == (kind, failed, False if action == "delayed" else None)


QMAIL = """\
    Hi. This is the qmail-send program at mx.example.
    I'm afraid I wasn't able to deliver your message to the following addresses.

    <pagos@c1.example>:
    192.0.2.1 does not like recipient.
    Remote host said: 550 5.1.1 No such user
    Giving up on 192.0.2.1.

    --- Below this line is a copy of the message.

    Message-ID: {ours}
    To: pagos@c1.example

    Someone else: otro@c9.example
    """
EXIM = """\
    This message was created automatically by mail delivery software.

    A message that you sent could not be delivered to all of its recipients.
    The following address(es) failed:

      pagos@c1.example
        retry timeout exceeded: mailbox is full
    """
SPANISH = """\
    No se pudo entregar el mensaje a los siguientes destinatarios:

    pagos@c1.example
    La dirección no existe en el servidor de destino.
    """


@pytest.mark.parametrize(
    ("raw", "hard"),
    [
        (notice(QMAIL.format(ours=OURS)), True),
        (
            notice(
                EXIM,
                subject="Mail delivery failed: returning message to sender",
                X_Failed_Recipients="pagos@c1.example",
            ),
            False,
        ),
        (notice(SPANISH, sender="Correo <postmaster@c1.example>", subject="No se puede entregar: Factura"), True),
        (notice("Delivery has failed.\npagos@c1.example", subject="Undeliverable: Factura"), None),
    ],
)
def test_servers_that_send_no_report(raw: bytes, hard: bool | None) -> None:
    mail = read_mail(raw, ON)
    assert (mail.kind, mail.hard, mail.addresses) == ("bounce", hard, ("pagos@c1.example",))


@pytest.mark.parametrize(
    "raw",
    [
        letter("Nuestro servidor dijo: 550 5.1.1 User unknown. ¿Pueden reenviarla?", subject="Undelivered mail"),
        letter("The message I sent you was undeliverable, mailbox full. Here it is again."),
        letter("Hola", subject="Failure notice"),
        letter("にゃー", subject="にゃんこ", sender="Kijitora <neko@cats.example>"),
    ],
)
def test_people_who_write_about_bounces_are_no_bounce(raw: bytes) -> None:
    assert read_mail(raw, ON).kind == "reply"


def test_a_complaint_names_the_address_or_at_least_the_message() -> None:
    told, redacted = read_mail(complaint(), ON), read_mail(complaint(to=""), ON)
    assert (told.kind, told.addresses, told.message_ids) == ("complaint", ("pagos@c1.example",), (OURS,))
    assert (redacted.kind, redacted.addresses, redacted.message_ids) == ("complaint", (), (OURS,))
    assert told.said == "fbl@provider.example"


def test_not_spam_is_no_complaint() -> None:
    assert read_mail(complaint(kind="not-spam"), ON).kind == "other"


@pytest.mark.parametrize(
    ("text", "headers", "until"),
    [
        ("Estaré fuera de la oficina hasta el 5 de diciembre.", {"Auto_Submitted": "auto-replied"}, date(2026, 12, 5)),
        ("I am out of the office and will return on Monday.", {"X_Autoreply": "yes"}, date(2026, 11, 30)),
        (
            "Estou de férias e volto no dia 7 de dezembro.",
            {"subject": "Resposta automática: Fatura"},
            date(2026, 12, 7),
        ),
        ("Gracias por escribirnos. Le responderemos pronto.", {"Precedence": "auto_reply"}, None),
        ("Me encuentro de viaje.", {"subject": "Respuesta automática: Factura F001-231"}, None),
        ("Away", {"subject": "Out of office until 3 December"}, date(2026, 12, 3)),
    ],
)
def test_machines_that_answer(text: str, headers: dict[str, str], until: date | None) -> None:
    mail = read_mail(letter(text, **headers), ON)
    assert (mail.kind, mail.until, mail.addresses) == ("auto_reply", until, ("pagos@c1.example",))


@pytest.mark.parametrize(
    "headers", [{"List_Id": "<news.example>"}, {"Precedence": "bulk"}, {"sender": "noreply@bank.example"}]
)
def test_newsletters_and_machines_that_expect_nothing(headers: dict[str, str]) -> None:
    assert read_mail(letter("Novedades de la semana", **headers), ON).kind == "other"


QUOTED = {
    "gmail": "Ya pagamos ayer.\n\nEl lun, 23 nov 2026 a las 9:12, Sembria (<cobranzas@sembria.example>)\nescribió:\n\n> Estimada Elvira:\n> pague antes del 30",
    "english": "We paid.\n\nOn Mon, Nov 23, 2026 at 9:12 AM Sembria <cobranzas@sembria.example> wrote:\n> Dear Elvira",
    "portuguese": "Pagamos.\n\nEm seg., 23 de nov. de 2026 às 09:12, Sembria <c@s.example> escreveu:\n> Prezada",
    "outlook": "Ya está.\n\n________________________________\nDe: Sembria <c@s.example>\nEnviado: lunes\nPara: Elvira\nAsunto: Factura\n\nEstimada Elvira",
    "original": "OK\n\n-----Mensaje original-----\nDe: Sembria\nEstimada Elvira",
    "signed": "Mañana le confirmo.\n\nSaludos cordiales,\nElvira Montalván\nTesorería · 987 654 321",
    "dashes": "Mañana le confirmo.\n-- \nElvira",
    "phone": "Ok gracias\n\nEnviado desde mi iPhone",
    "below": "> ¿Recibió la factura?\nSí, la recibí.\n> ¿Cuándo pagan?\nEl viernes.",
}
OWN = {
    "gmail": "Ya pagamos ayer.",
    "english": "We paid.",
    "portuguese": "Pagamos.",
    "outlook": "Ya está.",
    "original": "OK",
    "signed": "Mañana le confirmo.",
    "dashes": "Mañana le confirmo.",
    "phone": "Ok gracias",
    "below": "Sí, la recibí.\nEl viernes.",
}


@pytest.mark.parametrize("name", QUOTED)
def test_only_what_is_new_is_read(name: str) -> None:
    assert read_mail(letter(QUOTED[name]), ON).text == OWN[name]


def test_html_is_read_as_words_and_its_scripts_not_at_all() -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "Elvira <pagos@c1.example>", "Re: Factura"
    mail.set_content(
        "<html><head><title>x</title></head><body onload='steal()'><p>Ya <b>pagamos</b> ayer.</p><script>alert(1)</script>"
        "<div class='gmail_quote'>El lunes usted escribió:<blockquote>Pague</blockquote></div></body></html>",
        subtype="html",
    )
    assert read_mail(mail.as_bytes(), ON).text == "Ya pagamos ayer."


def test_attachments_are_listed_and_nothing_else() -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "pagos@c1.example", "Re: Factura"
    mail.set_content("Adjunto el voucher.")
    mail.add_attachment(b"%PDF" + b"x" * 996, maintype="application", subtype="pdf", filename="voucher.pdf")
    mail.add_attachment("alert(1)", subtype="javascript", filename="pago.js")
    found = read_mail(mail.as_bytes(), ON)
    assert [(one.name, one.kind) for one in found.attachments] == [
        ("voucher.pdf", "application/pdf"),
        ("pago.js", "text/javascript"),
    ]
    assert found.attachments[0].size == 1000 and found.text == "Adjunto el voucher."


@pytest.mark.parametrize("where", ["To", "Delivered-To", "X-Original-To"])
def test_a_plus_address_names_what_is_answered(settings, where: str) -> None:
    """Whatever mail programs do to its case; a tag nobody signed here names nothing."""
    settings.ANSWERS_TO = "respuestas@sembria.example"
    key = own_key(OURS)
    address = answers_to(key)
    local, _at, _domain = address.partition("@")
    assert len(local) <= 64
    raw = letter("Hola").replace(b"To: cobranzas@sembria.example", f"{where}: <{address.upper()}>".encode())
    (tag,) = read_mail(raw, ON).plus_tags
    assert activity_of(tag) == key
    assert activity_of(tag[:-1] + ("a" if tag[-1] != "a" else "b")) is None
    assert activity_of("a" * 39) is None


def test_without_a_mailbox_for_answers_no_address_is_made(settings) -> None:
    settings.ANSWERS_TO = ""
    assert answers_to(own_key(OURS)) == ""


# Whatever comes


def test_a_large_reply_is_read_as_far_as_it_is_kept() -> None:
    raw = letter("Ya pagamos.") + b"\r\n" + b"x" * MOST_BYTES
    started = time.process_time()
    mail = read_mail(raw, ON)
    assert (mail.kind, mail.limits, mail.text[:11]) == ("reply", ("too_large",), "Ya pagamos.")
    assert time.process_time() - started < 20


def _nested(depth: int) -> bytes:
    heads = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(depth))
    return f"From: pagos@c1.example\nSubject: Re: Factura\n{heads}Content-Type: text/plain\n\nhola\n".encode()


def _crowded(parts: int) -> bytes:
    part = '--b\nContent-Type: text/plain; name="x"\n\nx\n'
    return f'From: pagos@c1.example\nSubject: Re: Factura\nContent-Type: multipart/mixed; boundary="b"\n\n{part * parts}--b--\n'.encode()


@pytest.mark.parametrize("raw", [_nested(60), _nested(20_000), _crowded(100_000)])
def test_a_mail_bomb_is_kept_unread(raw: bytes) -> None:
    mail = read_mail(raw, ON)
    assert (mail.kind, mail.limits, mail.sender, mail.subject) == (
        "reply",
        ("too_complex",),
        "pagos@c1.example",
        "Re: Factura",
    )
    assert read_mail(_nested(5), ON).text == "hola"


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("iso-8859-1", "mañana"),
        ("utf-8", "mañana"),
        ("x-unknown", "mañana"),
        ("punycode", "mañana"),
        ("utf-7", "ma+APE-ana"),
    ],
)
def test_charsets_known_wrong_and_malicious(charset: str, text: str) -> None:
    body = text.encode("iso-8859-1" if charset == "iso-8859-1" else "utf-8")
    raw = f"From: pagos@c1.example\nSubject: hola\nContent-Type: text/plain; charset={charset}\n\n".encode() + body
    assert read_mail(raw, ON).text == "mañana"


def test_broken_headers_are_survived() -> None:
    raw = b"From: =?utf-8?q?Elv=C3=8Dra?= <pagos@c1.example>\nSubject: =?utf-8?b?###?= Acci\xf3n\nDate: yesterday\nMessage-ID: nothing\n\nhola\x00"
    mail = read_mail(raw, ON)
    assert (mail.sender, mail.sender_name, mail.sent_at, mail.message_id) == ("pagos@c1.example", "ElvÍra", None, "")
    assert mail.text == "hola" and "Acción" in mail.subject


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=600))
def test_nothing_it_is_given_makes_it_raise(raw: bytes) -> None:
    read_mail(raw, ON)
    read_mail(b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n" + raw, ON)


def _plain_text(text: str, head: str = "") -> bytes:
    return f"From: MAILER-DAEMON@mx.example\nSubject: failure notice\nReturn-Path: <>\n{head}\n{text}".encode()


def _html(text: str) -> bytes:
    return f"From: pagos@c1.example\nSubject: Re: Factura\nContent-Type: text/html\n\n{text}".encode()


SLOW = {
    "empty lines": _plain_text("\n" * 500_000),
    "quote signs": _plain_text(">" * 500_000),
    "addresses": _plain_text("a@" * 250_000),
    "one long word": _plain_text("a" * 500_000 + "."),
    "spaces": _plain_text("Hola." + " " * 500_000 + "x"),
    "full stops": _plain_text(". A" * 150_000),
    "parameters": _plain_text("x", 'Content-Type: text/plain; a="' + ";" * 1_000_000 + "\n"),
    "folded parameters": _plain_text("x", 'Content-Type: multipart/mixed; a="\n' + (" " + ";" * 70 + "\n") * 20_000),
    "encoded words": _plain_text(
        "x", "X-A: " + "=?utf-8?q?a?= " * 50_000 + "\nFrom: " + "=?utf-8?q?a?= " * 50_000 + "\n"
    ),
    "comments": _plain_text("x", "To: " + "(" * 100_000 + "\nCc: " + "<" * 100_000 + "\n"),
    "open tags": _html("<a " * 150_000),
    "open comments": _html("<!--" * 100_000),
    "declarations": _html("<!" * 200_000),
    "closing tags": _html("</" * 200_000),
    "entities": _html("&" * 400_000),
    "nested quotes": _html("<blockquote>" * 30_000),
    "days": _plain_text("hasta el lunes martes " * 20_000, "Auto-Submitted: auto-replied\n"),
}


@pytest.mark.parametrize("name", SLOW)
def test_nothing_keeps_the_reader_busy(name: str) -> None:
    started = time.process_time()
    mail = read_mail(SLOW[name], ON)
    suggest(mail.text, ON, subject=mail.subject)
    assert time.process_time() - started < 10, name
