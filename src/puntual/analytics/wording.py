"""Names of buckets, and of what becomes of an amount, for people."""

from django.utils.translation import gettext as _


def bucket_label(name: str) -> str:
    """A bucket's name for people: "current" is "Not due", "1-30" is "1–30 days"."""
    if name == "current":
        return _("Not due")
    return _("{days} days").format(days=name.replace("-", "–"))


def state_label(key: str) -> str:
    """A bucket or a way out of receivables (`months.OUT`), for people."""
    out = {
        "paid": _("Paid"),
        "credited": _("Credited"),
        "written_off": _("Written off"),
        "closed": _("Closed elsewhere"),
    }
    return out.get(key) or bucket_label(key)
