"""The manual the benchmark follows: 12 steps, four of them for some customers only, 8 segments and a second manual for one."""

from dataclasses import replace
from decimal import Decimal

from puntual.audit.actions import Actor
from puntual.strategies.actions import activate, assign, import_draft, install_builtin
from puntual.strategies.builtin import builtin
from puntual.strategies.manual import Manual, Step, to_toml
from puntual.strategies.models import StoredSegment
from puntual.strategies.segment_actions import store_segment
from puntual.strategies.segments import Condition, Segment

LARGE = {"PEN": Decimal(20000), "USD": Decimal(20000), "CLP": Decimal(30000)}
SEGMENTS = (
    Segment("large", "Large", (Condition("overdue", "at_least", LARGE),)),
    Segment(
        "small", "Small", (Condition("open", "below", {"PEN": Decimal(9000)}), Condition("party", "is", ("legal",)))
    ),
    Segment("old", "Old", (Condition("days_overdue", "at_least", 200),)),
    Segment("recent", "Recent", (Condition("days_overdue", "at_most", 30), Condition("days_overdue", "at_least", 1))),
    Segment("late", "Pays late", (Condition("usual_delay", "at_least", 15), Condition("paid_late", "at_least", 50))),
    Segment("first", "First time", (Condition("invoices", "at_most", 1),)),
    Segment("vip", "To be handled with care", (Condition("tags", "has", ("vip", "key")),)),
    Segment(
        "abroad",
        "Abroad",
        (Condition("country", "is_not", ("PE",)), Condition("language", "is_not", ("es",))),
    ),
)
EXTRA = (
    Step(
        "early_word", "Early word", -10, channels=("email",), tone="courteous", template="courtesy", segments=("large",)
    ),
    Step(
        "second",
        "Second reminder",
        9,
        channels=("email",),
        tone="friendly",
        template="friendly",
        segments=("small", "first"),
    ),
    Step(
        "large_call", "Call", 18, channels=("call", "email"), tone="firm", template="call", segments=("large", "late")
    ),
    Step("tell", "Tell the salesperson", 50, internal="tell_salesperson", segments=("vip", "old")),
)


def manual() -> Manual:
    """The built-in one and the extra steps, by their days."""
    usual = builtin("es")
    return replace(usual, code="bench", steps=tuple(sorted((*usual.steps, *EXTRA), key=lambda step: step.day)))


def install(by: Actor) -> None:
    """Put it into force for everybody but the recent, who follow the built-in one."""
    for segment in SEGMENTS:
        store_segment(by, segment)
    usual = install_builtin(by, "es")
    assign(by, activate(by, import_draft(by, to_toml(manual()))).strategy)
    recent = StoredSegment.objects.get(organization_id=by.organization_id, code="recent")
    assign(by, usual.strategy, segment=recent)
