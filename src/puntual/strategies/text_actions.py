"""Everything that writes an organization's own texts: a draft, putting it into force, and going back to the built-in."""

from django.db.models import Max, QuerySet

from puntual.audit.actions import Actor, action
from puntual.conduct.rules import CHANNELS
from puntual.kernel.problems import N_, Problem
from puntual.parties.models import Creditor
from puntual.strategies.manual import LANGUAGES
from puntual.strategies.models import OwnText
from puntual.strategies.own_texts import faults
from puntual.strategies.text_files import from_toml
from puntual.strategies.texts import NAME, Place, Text

State = OwnText.State
LONGEST = 20_000
"""Characters of a text: some ten pages."""


def write_text(by: Actor, place: Place, language: str, text: Text, creditor: Creditor | None = None) -> OwnText:
    """Keep own words for a place as its draft, over an earlier draft; they may still have faults. Nothing changes for customers.

    Raises Problem for a place that cannot be and for a text that cannot be kept.
    """
    _check_place(place, language)
    text = _tidy(text, place)
    with action(by, "strategies.write_text") as log:
        log.say(**_named(place, language, creditor))
        rows = _at(by, place, language, creditor)
        draft = rows.filter(state=State.DRAFT).first()
        if draft is None:
            number = (rows.aggregate(last=Max("number"))["last"] or 0) + 1
            draft = OwnText(
                organization_id=by.organization_id,
                number=number,
                language=language,
                creditor=creditor,
                **place._asdict(),
            )
        draft.subject, draft.subject_private, draft.body = text.subject, text.subject_private, text.body
        draft.created_at = by.now
        draft.save()
        log.about(draft)
        log.say(number=draft.number)
    return draft


def import_texts(by: Actor, file: str) -> list[OwnText]:
    """Drafts of the texts of a TOML file, where they say something else than what is in force; nothing changes for customers.

    Raises Problem, and keeps nothing, where one of them cannot be read or kept or its creditor is not known.
    """
    texts = from_toml(file)
    with action(by, "strategies.import_texts", texts=len(texts)):
        creditors = {one.code: one for one in Creditor.objects.filter(organization_id=by.organization_id)}
        drafts = []
        for number, (place, language, code, text) in enumerate(texts, 1):
            creditor = creditors.get(code)
            if code and creditor is None:
                message = N_("Text {number}: there is no creditor “{code}”. Give the code of one that is there.")
                raise Problem(message, number=number, code=code)
            now = _at(by, place, language, creditor).filter(state=State.ACTIVE).first()
            if now is None or now.text != _tidy(text, place):
                drafts.append(write_text(by, place, language, text, creditor))
    return drafts


def activate_text(by: Actor, draft: OwnText) -> OwnText:
    """Put a draft into force: from now on messages use it. The words it replaces stay readable.

    Raises Problem, naming the first fault, where it has something that must not go out.
    """
    with action(by, "strategies.activate_text") as log:
        found = OwnText.objects.select_for_update().filter(organization_id=by.organization_id, pk=draft.pk).first()
        if found is None or found.state != State.DRAFT:
            raise Problem(N_("Only a draft can be put into force. Open the text again to see how it stands."))
        log.about(found)
        wrong = faults(by.organization_id, found.place, found.language, found.text, found.creditor_id)
        if wrong:
            raise Problem(wrong[0].what, **{"beside": wrong[0].where, **wrong[0].details})
        replaced = _at(by, found.place, found.language, found.creditor).filter(state=State.ACTIVE).first()
        if replaced:
            _retire(by, replaced)
        found.state, found.activated_at = State.ACTIVE, by.now
        found.save(update_fields=["state", "activated_at"])
        log.say(
            **_named(found.place, found.language, found.creditor),
            number=found.number,
            replaces=replaced.number if replaced else None,
        )
    return found


def use_builtin(by: Actor, place: Place, language: str, creditor: Creditor | None = None) -> None:
    """Go back to the built-in text; for one creditor, to what goes for all. Raises Problem where nothing own is in force."""
    with action(by, "strategies.use_builtin_text") as log:
        log.say(**_named(place, language, creditor))
        active = _at(by, place, language, creditor).filter(state=State.ACTIVE).first()
        if active is None:
            raise Problem(N_("No text of your own is in force here, so there is nothing to go back from."))
        _retire(by, active)
        log.about(active)
        log.say(number=active.number)


def drop_draft(by: Actor, place: Place, language: str, creditor: Creditor | None = None) -> None:
    """Throw a draft away. Raises Problem where there is none."""
    with action(by, "strategies.drop_text_draft") as log:
        log.say(**_named(place, language, creditor))
        deleted, _rows = _at(by, place, language, creditor).filter(state=State.DRAFT).delete()
        if not deleted:
            raise Problem(N_("There is no draft here any more."))


def _retire(by: Actor, text: OwnText) -> None:
    text.state, text.retired_at = State.RETIRED, by.now
    text.save(update_fields=["state", "retired_at"])


def _at(by: Actor, place: Place, language: str, creditor: Creditor | None) -> QuerySet[OwnText]:
    return OwnText.objects.filter(
        organization_id=by.organization_id, language=language, creditor=creditor, **place._asdict()
    )


def _named(place: Place, language: str, creditor: Creditor | None) -> dict[str, object]:
    return {**place._asdict(), "language": language, "creditor": creditor}


def _check_place(place: Place, language: str) -> None:
    if not NAME.fullmatch(place.template):
        raise Problem(N_("A template's code has small letters, digits, “-” and “_”, no more."))
    if place.channel not in CHANNELS or language not in LANGUAGES:
        raise Problem(N_("There are no texts for this channel or in this language."))


def _tidy(text: Text, place: Place) -> Text:
    """One line a subject, a body without trailing room; a text for natural persons has one subject."""
    subject, private = " ".join(text.subject.split()), " ".join(text.subject_private.split())
    body = "\n".join(line.rstrip() for line in text.body.replace("\r", "").split("\n")).strip() + "\n"
    if place.audience == "consumer":
        subject = private = private or subject
    if not body.strip():
        raise Problem(N_("The text is empty. Write what the customer is to read or hear."), beside="body")
    if len(body) > LONGEST or max(len(subject), len(private)) > 300:
        raise Problem(N_("This is too long to keep: {most} characters, and 300 a subject, are the most."), most=LONGEST)
    return Text(subject, private, body)
