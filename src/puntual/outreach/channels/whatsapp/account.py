"""The account with Meta that this installation writes by, as the environment names it."""

from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from puntual.kernel.problems import N_, Problem

EXAMPLE = "whatsapp://PHONE-NUMBER-ID:TOKEN@graph.facebook.com/v23.0?business=WABA-ID&secret=APP-SECRET&verify=WORD"
"""What PUNTUAL_WHATSAPP_URL looks like."""


@dataclass(frozen=True, slots=True)
class Account:
    """A business's number on WhatsApp. `address` is the Graph API's, with its version.

    `business` is the WhatsApp Business Account (WABA) whose texts are approved, `secret` the app's, by which Meta signs what it
    reports, and `verify` the word Meta repeats when the web hook is set up. Without the last three messages still leave, but no
    text is known to be approved, and nothing Meta reports can be believed.
    """

    number_id: str
    token: str = field(repr=False)
    address: str
    business: str = ""
    secret: str = field(default="", repr=False)
    verify: str = field(default="", repr=False)

    @property
    def lacks(self) -> tuple[str, ...]:
        """The names of what is missing in the address."""
        return tuple(name for name in ("business", "secret", "verify") if not getattr(self, name))


def account(url: str) -> Account:
    """The account of an address such as `EXAMPLE`. Raises Problem for one that cannot be read."""
    parts = urlsplit(url)
    try:
        given = {name: values[0] for name, values in parse_qs(parts.query, strict_parsing=bool(parts.query)).items()}
    except ValueError:
        given = {"": ""}
    number_id, token = unquote(parts.username or ""), unquote(parts.password or "")
    readable = parts.scheme in ("whatsapp", "whatsapp+http") and number_id and token and parts.hostname
    if not readable or given.keys() - {"business", "secret", "verify"}:
        raise Problem(N_("PUNTUAL_WHATSAPP_URL cannot be read. It should look like {example}."), example=EXAMPLE)
    scheme = "http" if parts.scheme == "whatsapp+http" else "https"
    version = parts.path.strip("/") or "v23.0"
    return Account(number_id, token, f"{scheme}://{parts.netloc.rpartition('@')[2]}/{version}", **given)
