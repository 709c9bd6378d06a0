"""The names of the field's things as the desk says them; keys are the stored values."""

from babel.lists import format_list
from django.utils.translation import gettext, npgettext, pgettext

from puntual.desk import formats
from puntual.kernel.problems import N_
from puntual.organizations.roles import Permission, roles_with

ROLES = {
    "owner": N_("owner"),
    "manager": N_("manager"),
    "collector": N_("collector"),
    "accountant": N_("accountant"),
    "auditor": N_("auditor"),
}
CHANNELS = {
    "email": N_("E-mail"),
    "whatsapp": N_("WhatsApp"),
    "sms": N_("SMS"),
    "letter": N_("Letter"),
    "call": N_("Call"),
    "visit": N_("Visit"),
    "meeting": N_("Meeting"),
    "internal": N_("Internal"),
}
CHANNEL_ICONS = {
    "email": "mail",
    "whatsapp": "brand-whatsapp",
    "sms": "message",
    "letter": "file-text",
    "call": "phone",
    "visit": "walk",
    "meeting": "users",
    "internal": "clipboard-check",
}
TONES = ("courteous", "friendly", "firm", "formal", "final")
PERMISSIONS = {
    Permission.VIEW: N_("see this page"),
    Permission.EXPORT: N_("take lists out as files"),
    Permission.APPROVE: N_("approve messages"),
    Permission.CONTACT: N_("contact customers"),
    Permission.HOLD: N_("pause collections"),
    Permission.EDIT_CUSTOMERS: N_("change customers"),
    Permission.IMPORT: N_("import files"),
    Permission.PAYMENTS: N_("record payments"),
    Permission.ADJUST: N_("change the books"),
    Permission.MANUAL: N_("change the manual"),
    Permission.SETTINGS: N_("change the settings"),
    Permission.GO_LIVE: N_("end the rehearsal"),
    Permission.MEMBERS: N_("change who signs in here"),
    Permission.LOG: N_("read the log"),
}
LANGUAGES = {"es": "Español", "en": "English", "pt": "Português"}


def tone(name: str) -> str:
    """Firme, for "firm". Raises KeyError for a tone that does not exist."""
    return {
        "courteous": pgettext("tone", "Courteous"),
        "friendly": pgettext("tone", "Friendly"),
        "firm": pgettext("tone", "Firm"),
        "formal": pgettext("tone", "Formal"),
        "final": pgettext("tone", "Final"),
    }[name]


def tone_count(name: str, count: int) -> str:
    """9 corteses, for "courteous" and 9."""
    text = {
        "courteous": npgettext("tone", "{n} courteous", "{n} courteous", count),
        "friendly": npgettext("tone", "{n} friendly", "{n} friendly", count),
        "firm": npgettext("tone", "{n} firm", "{n} firm", count),
        "formal": npgettext("tone", "{n} formal", "{n} formal", count),
        "final": npgettext("tone", "{n} final", "{n} final", count),
    }.get(name) or npgettext("tone", "{n} other", "{n} others", count)
    return text.format(n=formats.number(count))


def role(name: str) -> str:
    """cobrador, for "collector"."""
    return gettext(ROLES[name])


def refusal(own_role: str, permission: Permission) -> str:
    """Why a member may not, and whom to ask."""
    whom = format_list([role(name) for name in roles_with(permission)], "or", formats.current())
    return gettext("As {role} you may not {what} here. Ask someone who is {whom}.").format(
        role=role(own_role), what=gettext(PERMISSIONS[permission]), whom=whom
    )


def bucket(name: str) -> str:
    """por vencer, for "current"; the others read as they are, with a dash between days."""
    return gettext("not yet due") if name == "current" else name.replace("-", "\N{EN DASH}")


def age(name: str) -> str:
    """por vencer, for "current"; 1–30 días, for "1-30"."""
    return bucket(name) if name == "current" else gettext("{span} days").format(span=bucket(name))
