"""Whether a manual can be put into force in an organization: what it needs there, and what it must not say."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from babel import Locale
from django.utils.translation import gettext_lazy

from puntual.kernel.problems import N_
from puntual.organizations.models import Organization
from puntual.parties.models import ContactPoint, Customer
from puntual.strategies import soundness
from puntual.strategies.faults import Fault
from puntual.strategies.models import StoredSegment
from puntual.strategies.own_texts import find, in_force
from puntual.strategies.proofreading import faults_in_message
from puntual.strategies.steps import Manual, Notice, Step
from puntual.strategies.texts import base_language, places
from puntual.strategies.words import CHANNELS


def faults(organization_id: UUID, manual: Manual) -> Iterator[Fault]:
    """Every mistake in the manual itself, then every one it would be in this organization."""
    yield from soundness.faults(manual)
    yield from faults_here(organization_id, manual)


def faults_here(organization_id: UUID, manual: Manual) -> Iterator[Fault]:
    """Segments that are not there, texts that are not there, and offers in words that must not go out."""
    yield from _segments(organization_id, manual)
    yield from texts_missing(organization_id, manual)
    yield from _words(manual)


def texts_missing(organization_id: UUID, manual: Manual) -> Iterator[Fault]:
    """Each channel of a step or notice that has no words in a language somebody is written to in."""
    own = {language: in_force(organization_id, language) for language in sorted(languages_of(organization_id))}
    customers = Customer.objects.filter(organization_id=organization_id)
    audiences = set(customers.values_list("consumer", flat=True).distinct()) or {False}
    speaking: list[tuple[str, int, Step | Notice]] = [
        ("step", number, step) for number, step in enumerate(manual.steps)
    ]
    speaking += [("notice", number, notice) for number, notice in enumerate(manual.notices)]
    for table, number, part in speaking:
        for channel in part.channels:
            wanted = [places(part.template, channel, consumer=consumer) for consumer in audiences]
            for language, mine in own.items():
                if all(find(where, language, mine) for where in wanted):
                    continue
                yield Fault(
                    table,
                    part.code,
                    "template",
                    N_("there is no text “{template}” for {channel} in {language}. Write it, or choose another one."),
                    number=number,
                    template=part.template,
                    channel=gettext_lazy(CHANNELS[channel]) if channel in CHANNELS else channel,
                    language=Locale.parse(language).display_name,
                )


def languages_of(organization_id: UUID) -> frozenset[str]:
    """The languages of texts that the organization writes in: its own, its customers' and those of single addresses."""
    found = set(Organization.objects.filter(pk=organization_id).values_list("language", flat=True))
    found.update(Customer.objects.filter(organization_id=organization_id).values_list("language", flat=True).distinct())
    points = ContactPoint.objects.filter(organization_id=organization_id, retired_on=None).exclude(language="")
    found.update(points.values_list("language", flat=True).distinct())
    return frozenset(map(base_language, found))


def _segments(organization_id: UUID, manual: Manual) -> Iterator[Fault]:
    named = manual.segments | manual.offer_segments
    kept = StoredSegment.objects.filter(organization_id=organization_id, code__in=named)
    unknown = named.difference(kept.values_list("code", flat=True))
    for number, step in enumerate(manual.steps):
        for code in sorted(unknown.intersection(step.segments)):
            message = N_("there is no segment “{segment}”. Make it, or change the step.")
            yield Fault("step", step.code, "segments", message, number=number, segment=code)
    for number, offer in enumerate(manual.offers):
        for code in sorted(unknown.intersection(offer.segments)):
            message = N_("there is no segment “{segment}”. Make it, or change the offer.")
            yield Fault("offer", offer.code, "segments", message, number=number, segment=code)


def _words(manual: Manual) -> Iterator[Fault]:
    for number, offer in enumerate(manual.offers):
        for one in faults_in_message("", offer.words, manual.language, persons=True):
            details: dict[str, Any] = dict(one.details)
            yield Fault("offer", offer.code, "words", one.what, number=number, **details)
