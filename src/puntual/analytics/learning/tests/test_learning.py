"""A model of lateness: used where it is surely better than the customer's own rate, and nothing in it knows what came later."""

import ast
import sys
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation

import puntual
from puntual.analytics import reports
from puntual.analytics.learning.actions import learn_scores
from puntual.analytics.learning.features import NAMES, Model
from puntual.analytics.learning.fitting import fitted, tried
from puntual.analytics.learning.history import Item, items
from puntual.analytics.learning.models import ScoreModel
from puntual.analytics.learning.scored import STALE, in_use
from puntual.analytics.learning.tests.worlds import (
    TODAY,
    amount_and_season,
    make,
    own_rate_only,
    posting,
    settled_item,
)
from puntual.analytics.learning.words import Known, own_rate, reasons, told
from puntual.analytics.scores import scores
from puntual.analytics.scoring import SLICES, Slice, calibration
from puntual.audit.models import Record
from puntual.receivables.models import Installment, Invoice

LIMA = "America/Lima"


@pytest.fixture
def by(acting):
    return acting.actor(today=TODAY, now=datetime.combine(TODAY, time(15), UTC))


def test_what_the_own_rate_cannot_see_is_learned_and_used(by) -> None:
    make(by, amount_and_season)
    found = learn_scores(by)
    assert found is not None and found.outcome == "better", vars(found)
    assert found.low > 0 and found.model_error < found.own_error and found.customers == 150 and found.months >= 10
    kept = Record.objects.get(action="analytics.learn_scores")
    assert kept.detail["outcome"] == "better" and kept.object_id == found.id
    assert learn_scores(by) is None, "once a month"
    assert in_use(by.organization_id, TODAY) == found and in_use(by.organization_id, TODAY - timedelta(days=1)) is None
    assert in_use(by.organization_id, TODAY + STALE) is None, "what is not learned anew is not trusted for ever"
    _calibrated(by)
    _scores_come_from_it(by, found)
    _said_in_three_languages(by, found)


def _calibrated(by) -> None:
    judged = [one for origin in tried(items(by.organization_id, TODAY, LIMA), TODAY) for one in origin]
    slices = []
    for place in range(SLICES):
        mine = [one for one in judged if min(int(one.model * SLICES), SLICES - 1) == place]
        if mine:
            slices.append(
                Slice(len(mine), sum(one.model for one in mine) / len(mine), sum(one.outcome for one in mine))
            )
    found = calibration(slices, 0, len(judged), sum(one.outcome for one in judged))
    assert found is not None and found.error < 0.05


def _scores_come_from_it(by, found: ScoreModel) -> None:
    """What the database gives for an item is what the model says of it: billed today, both know the same."""
    small, large = (_billed_today(by, f"c{number}", amount) for number, amount in ((1, "50"), (2, "60000")))
    known = {one.customer: one for one in items(by.organization_id, TODAY, LIMA) if one.issued_on == TODAY.toordinal()}
    model = Model.restored(found.weights)
    by_code = {one.code: one for one in scores(by.organization_id, TODAY)}
    to_come = Installment.objects.filter(organization_id=by.organization_id, open_amount__gt=0, due_on__gte=TODAY)
    for bill in (small, large):
        score = by_code[bill.customer.code]
        one = known[str(bill.customer_id)]
        assert to_come.filter(customer_id=bill.customer_id).count() == 1
        said = model.chance(dict(zip(NAMES, one.features, strict=True)), one.currency)
        assert score.chance == pytest.approx(said, rel=1e-4), bill.customer.code
        assert float(score.at_risk) == pytest.approx(float(score.overdue) + float(bill.amount) * said, rel=1e-4)
    assert by_code["c2"].chance > by_code["c1"].chance


def _billed_today(by, code: str, amount: str) -> Invoice:
    """A bill of today, and nothing else that is still to come."""
    whose = Installment.objects.filter(organization_id=by.organization_id, customer__code=code)
    for item in whose.filter(open_amount__gt=0, due_on__gte=TODAY):
        posting(item, "payment", -item.open_amount, TODAY - timedelta(days=1)).save()
    one = whose.select_related("customer").first()
    mine = {"organization_id": by.organization_id, "creditor_id": one.creditor_id, "customer": one.customer}
    bill = Invoice.objects.create(
        **mine,
        number=f"today {code}",
        number_key=f"today {code}",
        issued_on=TODAY,
        currency="PEN",
        amount=Decimal(amount),
    )
    item = Installment.objects.create(
        **mine,
        invoice=bill,
        due_on=TODAY + timedelta(days=20),
        currency="PEN",
        amount=bill.amount,
        open_amount=bill.amount,
    )
    posting(item, "issued", bill.amount, TODAY).save()
    return bill


def _said_in_three_languages(by, found: ScoreModel) -> None:
    for language, words in (("en", "learned from this ledger, since"), ("es", "desde el"), ("pt", "desde")):
        with translation.override(language):
            made = reports.build("scores", by.organization_id, TODAY)
            assert words in made.basis and "100" in made.basis
            assert made.facts["model"] is True
            why = {row[1]: row[-1] for row in made.rows}
            past = reports.build("calibration", by.organization_id, TODAY)
            months = list(past.rows)
        assert all(why.values())
        if language == "en":
            assert "larger amounts than most" in why["c2"] and "smaller amounts than most" in why["c1"]
        keys = [column.key for column in past.columns]
        judged = sum(row[keys.index("model_items")] or 0 for row in months)
        assert judged == found.items, "every item it was judged by stands in its month"
    assert len({told_in(language, found) for language in ("en", "es", "pt")}) == 3


def told_in(language: str, found: ScoreModel) -> str:
    with translation.override(language):
        return told(found)


def test_where_the_own_rate_is_all_the_truth_it_goes_on(by) -> None:
    make(by, own_rate_only, customers=80, seed=11)
    found = learn_scores(by)
    assert found is not None and found.outcome == "not_better" and found.weights is None
    assert found.low <= 0 and in_use(by.organization_id, TODAY) is None
    with translation.override("en"):
        made = reports.build("scores", by.organization_id, TODAY)
        assert "not surely better" in made.basis and "items paid late" in next(iter(made.rows))[-1]
    _nothing_later_is_known(by)


def _nothing_later_is_known(by) -> None:
    """Months past are what they were, whatever is recorded afterwards: money that is taken back, or was forgotten."""
    day = TODAY - timedelta(days=45)
    before = _known_on(by, day)
    model = fitted(before, day)
    paid = settled_item(by.organization_id)
    assert paid.settled_on < day
    posting(paid, "payment", paid.amount, paid.settled_on, TODAY - timedelta(days=3)).save()
    forgotten = Installment.objects.filter(
        organization_id=by.organization_id, open_amount=0, due_on__lt=day - timedelta(days=20), settled_on__gt=day
    )
    late = Installment.objects.filter(organization_id=by.organization_id, open_amount__gt=0).first() or forgotten[0]
    posting(late, "payment", Decimal("-0.5"), late.due_on, TODAY - timedelta(days=2)).save()
    after = _known_on(by, day)
    assert after == before and fitted(after, day) == model
    told_before = {(one.customer, one.issued_on): one.features for one in before}
    later = items(by.organization_id, TODAY, LIMA)
    assert all(
        told_before[one.customer, one.issued_on] == pytest.approx(one.features)
        for one in later
        if one.issued_on <= day.toordinal()
    ), "what is known on the day of the bill does not depend on when one asks"
    assert any(len(one.changed) == 2 and one.became[-1] == -1 for one in later), "today it is known to be open again"


def _known_on(by, day: date) -> list[Item]:
    return items(by.organization_id, day, LIMA)


def test_without_the_extra_the_own_rate_goes_on(by, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    assert learn_scores(by) is None and not ScoreModel.objects.exists(), "nobody is told of what nobody asked for"
    weights = Model(0, dict.fromkeys(NAMES, 0.0), {}, dict.fromkeys(NAMES, 0.0)).kept()
    yesterday = TODAY - timedelta(days=1)
    ScoreModel.objects.create(
        organization_id=by.organization_id, day=yesterday, outcome="better", used_since=yesterday, weights=weights
    )
    assert in_use(by.organization_id, TODAY)
    found = learn_scores(by)
    assert found is not None and found.outcome == "not_installed" and in_use(by.organization_id, TODAY) is None
    assert told(found) == "" and learn_scores(by) is None


def test_too_little_past_is_said(by) -> None:
    make(by, own_rate_only, customers=3, months=4)
    found = learn_scores(by)
    assert found is not None and found.outcome == "too_little"
    with translation.override("en"):
        assert "too little past" in told(found)


def test_only_one_module_needs_what_models_are_learned_with() -> None:
    root = Path(puntual.__file__).parent
    need = set()
    for path in root.rglob("*.py"):
        text = path.read_text()
        if "tests" in path.parts or ("sklearn" not in text and "numpy" not in text):
            continue
        for node in ast.walk(ast.parse(text)):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(name.split(".")[0] in ("sklearn", "numpy", "scipy") for name in names):
                need.add(path.relative_to(root).as_posix())
    assert need == {"analytics/learning/fitting.py"}


def test_reasons_are_the_largest_three() -> None:
    model = Model(0, dict.fromkeys(NAMES, 1.0), {}, dict.fromkeys(NAMES, 0.0))
    features = {**dict.fromkeys(NAMES, 0.0), "overdue": 2.0, "rate": 1.0, "terms": -1.5, "size": 0.5}
    with translation.override("en"):
        assert reasons(model.reasons(features), Known(8, 10, 3, 2)) == (
            "Raised by: 2 items are overdue now; 8 of 10 items paid late. Lowered by: fewer days to pay than most."
        )
        assert reasons(model.reasons(dict.fromkeys(NAMES, 0.0)), Known(0, 0, None, 0)) == "Like most others."
        assert own_rate(0, 0).startswith("nothing was settled yet")
