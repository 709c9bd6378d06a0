"""Everything that writes an organization's own words for negotiating: keeping them, and going back to the built-in."""

from django.db.models import QuerySet

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.strategies.negotiation import SITUATIONS, Script, as_content
from puntual.strategies.own_texts import countries_of
from puntual.strategies.proofreading import asked_by
from puntual.strategies.scripts.checking import PartFault, faults_in_script, tidy
from puntual.strategies.scripts.files import from_toml
from puntual.strategies.scripts.models import OwnScript
from puntual.strategies.steps import LANGUAGES
from puntual.strategies.texts import Place


def write_script(by: Actor, language: str, script: Script) -> OwnScript:
    """Keep own words for a situation: from now on the negotiation desk and the trainer use them.

    Raises Problem where something is missing or too long, and, naming the first fault, where something must not be said.
    """
    if script.code not in SITUATIONS or language not in LANGUAGES:
        raise Problem(N_("There are no words for this situation or in this language."))
    script = tidy(script)
    if wrong := faults_of(by, language, script):
        fault = wrong[0].fault
        raise Problem(fault.what, **fault.details)
    with action(by, "strategies.write_script") as log:
        was = _at(by, script.code, language).select_for_update().first()
        kept = was or OwnScript(organization_id=by.organization_id, situation=script.code, language=language)
        before, kept.content, kept.written_at = kept.content if was else None, as_content(script), by.now
        kept.save()
        log.about(kept)
        log.say(situation=script.code, language=language, before=before, after=kept.content)
    return kept


def use_builtin_script(by: Actor, situation: str, language: str) -> None:
    """Go back to the words that come with Puntual. Raises Problem where there are none of one's own."""
    with action(by, "strategies.use_builtin_script") as log:
        kept = _at(by, situation, language).select_for_update().first()
        if kept is None:
            raise Problem(N_("There are no words of your own here, so there is nothing to go back from."))
        log.about(kept)
        log.say(situation=situation, language=language, before=kept.content)
        kept.delete()


def import_scripts(by: Actor, file: str) -> list[OwnScript]:
    """Keep the words of a TOML file, where they say something else than what is used now; they are in force at once.

    Raises Problem, and keeps nothing, where one of them cannot be read or kept or says what must not be said.
    """
    filed = from_toml(file)
    with action(by, "strategies.import_scripts", scripts=len(filed)):
        kept = []
        for language, script in filed:
            was = _at(by, script.code, language).first()
            if was is None or was.content != as_content(tidy(script)):
                kept.append(write_script(by, language, script))
    return kept


def faults_of(by: Actor, language: str, script: Script) -> tuple[PartFault, ...]:
    """What must not be said of it, by the rules of all countries the organization has customers in."""
    asked = asked_by(countries_of(by.organization_id), Place("", "call", "consumer"))
    return faults_in_script(script, language, asked)


def _at(by: Actor, situation: str, language: str) -> QuerySet[OwnScript]:
    return OwnScript.objects.filter(organization_id=by.organization_id, situation=situation, language=language)
