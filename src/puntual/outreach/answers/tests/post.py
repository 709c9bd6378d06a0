"""Mail for these tests, put together as servers and people put it together. All names and companies are invented."""

from email.message import EmailMessage
from email.policy import SMTP
from textwrap import dedent

OURS = "<0193a5c8-7c11-7b1e-9d5e-2f6f4a1b8c01@puntual.example>"


def letter(
    text: str,
    *,
    sender: str = "Elvira Montalván <pagos@c1.example>",
    subject: str = "Re: Factura F001-231",
    answers: str = "",
    date: str = "Mon, 23 Nov 2026 08:30:00 -0500",
    key: str = "<a1@c1.example>",
    **headers: str,
) -> bytes:
    """Somebody's words."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"], mail["Date"] = sender, "cobranzas@sembria.example", subject, date
    mail["Message-ID"] = key
    if answers:
        mail["In-Reply-To"] = mail["References"] = answers
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(dedent(text).strip())
    return mail.as_bytes()


def report(
    *,
    to: str = "pagos@c1.example",
    status: str = "5.1.1",
    action: str = "failed",
    diagnostic: str = "smtp; 550 5.1.1 User unknown",
    original: str = "",
    returned: str = OURS,
    prose: str = "Your message could not be delivered.",
) -> bytes:
    """A delivery report as RFC 3464 has it."""
    named = f"Original-Recipient: rfc822;{original}\n" if original else ""
    back = f"Message-ID: {returned}\n" if returned else ""
    told = f"Diagnostic-Code: {diagnostic}\n" if diagnostic else ""
    return f"""\
Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.example>
To: cobranzas@sembria.example
Subject: Undelivered Mail Returned to Sender
Date: Mon, 23 Nov 2026 08:31:00 -0500
Message-ID: <report-{to}-{status}-{action}@mx.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain; charset=utf-8

{prose}

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Arrival-Date: Mon, 23 Nov 2026 08:30:00 -0500

{named}Final-Recipient: rfc822; {to}
Action: {action}
Status: {status}
{told}
--b1
Content-Type: message/rfc822

From: cobranzas@sembria.example
To: {original or to}
Subject: Factura F001-231
{back}
Estimada Elvira

--b1--
""".encode()


def notice(
    text: str, *, sender: str = "MAILER-DAEMON@mx.example", subject: str = "failure notice", **headers: str
) -> bytes:
    """What older mail servers send instead of a report."""
    more = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in headers.items())
    head = (
        f"From: {sender}\nTo: cobranzas@sembria.example\nSubject: {subject}\nDate: 24 Nov 2026 00:00:00 -0500\n{more}\n"
    )
    return (head + dedent(text).strip() + "\n").encode()


def complaint(*, to: str = "pagos@c1.example", returned: str = OURS, kind: str = "abuse") -> bytes:
    """A spam report as RFC 5965 has it; many providers redact the address."""
    return f"""\
From: Feedback <fbl@provider.example>
To: cobranzas@sembria.example
Subject: FW: Factura F001-231
Date: Mon, 23 Nov 2026 08:31:00 -0500
Message-ID: <arf-{kind}@provider.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b2"

--b2
Content-Type: text/plain

This is an abuse report.

--b2
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: Provider-FBL/1.0
Version: 1
{f"Original-Rcpt-To: {to}" if to else "Source-IP: 192.0.2.1"}

--b2
Content-Type: message/rfc822

From: cobranzas@sembria.example
To: {to or "redacted@provider.example"}
Subject: Factura F001-231
Message-ID: {returned}

Estimada Elvira

--b2--
""".encode()
