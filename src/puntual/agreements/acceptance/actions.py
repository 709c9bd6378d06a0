"""The only writers of acceptances. Of the link's secret and of the code only hashes are kept."""

from datetime import timedelta
from hashlib import sha256
from secrets import compare_digest, randbelow, token_bytes
from typing import Final
from uuid import UUID

from django.utils.crypto import salted_hmac

from puntual.agreements.models import Acceptance, Plan
from puntual.agreements.plans.actions import Yes
from puntual.agreements.plans.actions import accept as accept_plan
from puntual.agreements.plans.actions import refuse as refuse_plan
from puntual.agreements.plans.problems import NotInThisState
from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.parties.models import ContactPoint

State = Acceptance.State
DAYS: Final = 14
"""For so many days a link can be used, unless told otherwise."""
MOST_DAYS: Final = 60
MOST_WRONG: Final = 5
"""Wrong codes, over all codes of a link, after which the link is closed."""
CODE_LASTS: Final = timedelta(minutes=30)
_BETWEEN_CODES: Final = timedelta(minutes=1)
_MOST_BROWSER: Final = 300


class WrongCode(Problem):
    """That was not the code; `left` tries are left."""

    def __init__(self, left: int) -> None:
        super().__init__(N_("That is not the code. Look at the newest message; tries left: {left}."), left=left)


class CodeOver(Problem):
    """No code was asked for, or the last one is too old."""

    def __init__(self) -> None:
        super().__init__(N_("Ask for a code first: it counts for half an hour."))


class LinkClosed(Problem):
    """The link was used, is too old or was closed: nothing can be done with it any more."""

    def __init__(self) -> None:
        super().__init__(N_("This link can no longer be used. Ask for another one."))


def hash_of(secret: bytes) -> str:
    """What is kept of a link's secret: SHA-256; 192 random bits need no salt."""
    return sha256(secret).hexdigest()


def make_link(
    by: Actor, plan_id: UUID, *, point_id: UUID | None, document: bytes, days: int = DAYS
) -> tuple[Acceptance, bytes]:
    """A link by which an offered plan can be accepted until `days` from now, and its secret, which is kept nowhere.

    `document` is the PDF that is shown. A link that was made before is closed. Raises Plan.DoesNotExist, NotInThisState,
    ContactPoint.DoesNotExist, Problem for days that are not from 1 to `MOST_DAYS`.
    """
    if not 1 <= days <= MOST_DAYS:
        raise Problem(N_("Let the link last from 1 to {most} days."), most=MOST_DAYS)
    with action(by, "agreements.make_acceptance_link", days=days) as log:
        plan = _offered(by, plan_id)
        if point_id is not None:
            ContactPoint.objects.get(organization_id=by.organization_id, customer_id=plan.customer_id, id=point_id)
        before = Acceptance.objects.filter(organization_id=by.organization_id, plan=plan, state=State.SENT)
        closed = before.update(state=State.CLOSED)
        secret = token_bytes(24)
        made = Acceptance.objects.create(
            organization_id=by.organization_id,
            customer_id=plan.customer_id,
            plan=plan,
            point_id=point_id,
            secret_hash=hash_of(secret),
            made_at=by.now,
            ends_at=by.now + timedelta(days=days),
            digest=sha256(document).hexdigest(),
            document=document,
        )
        log.about(made)
        log.say(plan=plan.number, digest=made.digest, ends_at=made.ends_at, closed=closed)
    return made, secret


def new_code(by: Actor, acceptance_id: UUID) -> tuple[Acceptance, str]:
    """A code of six digits for a link, in the place of one before; kept as a keyed hash only.

    Raises Acceptance.DoesNotExist, LinkClosed, NotInThisState, Problem where one was made a moment ago.
    """
    with action(by, "agreements.acceptance_code") as log:
        found = _usable(by, acceptance_id)
        log.about(found)
        if found.code_sent_at and by.now - found.code_sent_at < _BETWEEN_CODES:
            raise Problem(N_("A code was sent a moment ago. Look for it, or ask for another in a minute."))
        code = f"{randbelow(10**6):06}"
        found.code_hash, found.code_sent_at = _code_hash(found, code), by.now
        found.save(update_fields=["code_hash", "code_sent_at"])
    return found, code


def accept(by: Actor, acceptance_id: UUID, *, code: str, name: str, address: str | None, browser: str) -> Acceptance:
    """The customer accepts the document with the code: the plan is active from now on.

    Raises Acceptance.DoesNotExist, LinkClosed, CodeOver, WrongCode, Problem without a name, and what accepting a plan raises.
    """
    _check_code(by, acceptance_id, code, name)
    with action(by, "agreements.accept_by_link", name=name.strip(), address=address) as log:
        found = _usable(by, acceptance_id)
        log.about(found)
        accept_plan(by, found.plan_id, Yes(Plan.How.LINK, name.strip()))
        _answered(by, found, State.ACCEPTED, name, address, browser)
        log.say(digest=found.digest)
        return found


def decline(
    by: Actor, acceptance_id: UUID, *, code: str, name: str, why: str, address: str | None, browser: str
) -> Acceptance:
    """The customer says no with the code: the plan is refused.

    Raises Acceptance.DoesNotExist, LinkClosed, CodeOver, WrongCode, NotInThisState, Problem without a name.
    """
    _check_code(by, acceptance_id, code, name)
    with action(by, "agreements.decline_by_link", why=why.strip(), name=name.strip(), address=address) as log:
        found = _usable(by, acceptance_id)
        log.about(found)
        refuse_plan(by, found.plan_id, why.strip())
        _answered(by, found, State.DECLINED, name, address, browser)
        return found


def close(by: Actor, acceptance_id: UUID, *, why: str) -> Acceptance:
    """A link is not to be used any more; one that was answered stays as it is. Raises Acceptance.DoesNotExist."""
    with action(by, "agreements.close_acceptance_link", why=why) as log:
        found = _locked(by, acceptance_id)
        log.about(found)
        if found.state == State.SENT:
            found.state = State.CLOSED
            found.save(update_fields=["state"])
        return found


def _check_code(by: Actor, acceptance_id: UUID, code: str, name: str) -> None:
    """The code is the one that was sent. A wrong one stays counted, so nothing is raised inside the action."""
    if not name.strip():
        raise Problem(N_("Write your name: it stands on the agreement."))
    with action(by, "agreements.acceptance_try") as log:
        found = _usable(by, acceptance_id)
        log.about(found)
        if not found.code_hash or found.code_sent_at is None or by.now - found.code_sent_at > CODE_LASTS:
            raise CodeOver
        right = compare_digest(found.code_hash, _code_hash(found, "".join(code.split())))
        log.say(right=right)
        if not right:
            found.wrong_codes += 1
            if found.wrong_codes >= MOST_WRONG:
                found.state, found.code_hash = State.CLOSED, ""
            found.save(update_fields=["wrong_codes", "state", "code_hash"])
    if right:
        return
    if found.state == State.CLOSED:
        raise LinkClosed
    raise WrongCode(MOST_WRONG - found.wrong_codes)


def _answered(by: Actor, found: Acceptance, state: State, name: str, address: str | None, browser: str) -> None:
    found.state, found.accepted_at, found.accepted_by = state, by.now, name.strip()[:150]
    found.address, found.browser, found.code_hash = address, browser[:_MOST_BROWSER], ""
    found.save(update_fields=["state", "accepted_at", "accepted_by", "address", "browser", "code_hash"])


def _code_hash(acceptance: Acceptance, code: str) -> str:
    """Keyed and bound to its link: six digits could be tried out by whoever had the bare hash."""
    return salted_hmac("puntual.agreements.acceptance", f"{acceptance.id}:{code}", algorithm="sha256").hexdigest()


def _usable(by: Actor, acceptance_id: UUID) -> Acceptance:
    """The link, locked, if it waits for its answer. Raises LinkClosed, NotInThisState where its plan is not offered any more."""
    found = _locked(by, acceptance_id)
    if found.state != State.SENT or found.ends_at <= by.now:
        raise LinkClosed
    _offered(by, found.plan_id)
    return found


def _locked(by: Actor, acceptance_id: UUID) -> Acceptance:
    links = Acceptance.objects.defer("document").select_for_update(no_key=True)
    found: Acceptance = links.get(organization_id=by.organization_id, id=acceptance_id)
    return found


def _offered(by: Actor, plan_id: UUID) -> Plan:
    plan = Plan.objects.select_for_update(no_key=True).get(organization_id=by.organization_id, id=plan_id)
    if plan.state != Plan.State.OFFERED:
        raise NotInThisState(plan.number)
    return plan
