"""Everything that writes a segment: keeping one, their order, deleting one. Callers outside the room import from here."""

from collections.abc import Sequence

from django.db.models import Max

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.strategies.figures import refresh_figures
from puntual.strategies.models import Assignment, FiguresRead, PortfolioRule, StoredSegment
from puntual.strategies.segment_queries import limited_parts
from puntual.strategies.segments import MOST, Segment, check, from_toml, to_content


def store_segment(by: Actor, segment: Segment) -> Segment:
    """Keep a segment, a new one last in the order; one with its code is replaced where it stands.

    Raises Problem naming the field at fault, or where there are too many.
    """
    check(segment)
    content = to_content(segment)
    with action(by, "strategies.store_segment", segment=segment.code) as log:
        rows = StoredSegment.objects.filter(organization_id=by.organization_id)
        row = rows.select_for_update().filter(code=segment.code).first()
        if row is None:
            if rows.count() >= MOST:
                raise Problem(
                    N_("There are {most} segments, and no more fit. Delete one that is not needed."), most=MOST
                )
            last = rows.aggregate(last=Max("position"))["last"]
            row = StoredSegment(
                organization_id=by.organization_id, code=segment.code, position=0 if last is None else last + 1
            )
        else:
            log.say(before={"name": row.name, "condition": row.conditions})
        row.name, row.conditions = segment.name, content["condition"]
        row.save()
        if not FiguresRead.objects.filter(organization_id=by.organization_id).exists():
            refresh_figures(by)  # from now on the day run keeps them
        log.about(row)
        log.say(after={"name": row.name, "condition": row.conditions})
    return segment


def import_segments(by: Actor, file: str) -> tuple[Segment, ...]:
    """Keep the segments of a TOML file, in its order; those with a code that is there are replaced, the others come after.

    Raises Problem, and keeps nothing, where one of them is not sound or there are too many.
    """
    segments = from_toml(file)
    if not segments:
        raise Problem(N_("Each segment of the file begins with [[segment]]."))
    with action(by, "strategies.import_segments", segments=[one.code for one in segments]):
        for segment in segments:
            store_segment(by, segment)
        codes = [one.code for one in segments]
        rows = StoredSegment.objects.filter(organization_id=by.organization_id).order_by("position")
        order_segments(by, codes + list(rows.exclude(code__in=codes).values_list("code", flat=True)))
    return segments


def order_segments(by: Actor, codes: Sequence[str]) -> None:
    """Put the segments in this order: a customer in several follows the strategy of the first that has one.

    Raises Problem where a segment is missing from it or was added meanwhile.
    """
    with action(by, "strategies.order_segments", order=list(codes)):
        rows = {
            row.code: row
            for row in StoredSegment.objects.select_for_update().filter(organization_id=by.organization_id)
        }
        if set(codes) != set(rows) or len(codes) != len(rows):
            raise Problem(N_("The segments have changed meanwhile. Look at them again, then put them in order."))
        for position, code in enumerate(codes):
            rows[code].position = position
        StoredSegment.objects.bulk_update(rows.values(), ["position"])


def delete_segment(by: Actor, code: str) -> None:
    """Delete a segment; customers whom it gave a strategy follow the next that applies to them.

    Raises Problem where a step or an offer in force or of a draft is limited to it: change that first.
    """
    with action(by, "strategies.delete_segment", segment=code) as log:
        row = StoredSegment.objects.select_for_update().filter(organization_id=by.organization_id, code=code).first()
        if row is None:
            raise Problem(N_("There is no segment “{segment}” any more."), segment=code)
        limited = limited_parts(by.organization_id).get(code)
        if limited:
            raise Problem(
                N_("“{name}” cannot be deleted: these steps and offers are only for it: {parts}. Change them first."),
                name=row.name,
                parts=", ".join(f"{part.name} ({manual})" for manual, part in limited),
            )
        rules = PortfolioRule.objects.filter(organization_id=by.organization_id, segment=row).values_list(
            "name", flat=True
        )
        if rules:
            raise Problem(
                N_("“{name}” cannot be deleted: portfolios are given out by it: {parts}. Change them first."),
                name=row.name,
                parts=", ".join(rules),
            )
        log.about(row)
        log.say(name=row.name, condition=row.conditions)
        Assignment.objects.filter(organization_id=by.organization_id, segment=row).delete()
        row.delete()
