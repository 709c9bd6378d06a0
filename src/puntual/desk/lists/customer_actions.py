"""What is done with many customers at once."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy, ngettext

from puntual.audit.actions import Actor
from puntual.desk import formats
from puntual.desk.forms.customers import PauseForm
from puntual.desk.lists.common import NOBODY
from puntual.desk.lists.describing import Bulk
from puntual.desk.lists.forms import HandlingForm, OwnerForm, TagForm
from puntual.kernel.bulk import Outcome
from puntual.parties import actions as parties
from puntual.receivables import actions as receivables

Given = Mapping[str, Any]
Ids = Sequence[UUID]


def _assign(by: Actor, ids: Ids, given: Given) -> Outcome:
    return parties.assign_owner(by, ids, None if given["owner"] == NOBODY else UUID(given["owner"]))


def _handle(by: Actor, ids: Ids, given: Given) -> Outcome:
    return parties.handle_many(by, ids, given["handling"], why=given["why"])


def _tag(by: Actor, ids: Ids, given: Given) -> Outcome:
    return parties.tag_many(by, ids, given["tag"])


def _untag(by: Actor, ids: Ids, given: Given) -> Outcome:
    return parties.untag_many(by, ids, given["tag"])


def _pause(by: Actor, ids: Ids, given: Given) -> Outcome:
    return receivables.pause_customers(by, ids, reason=given["reason"], until_on=given["until"], note=given["note"])


def would_change(n: int) -> str:
    """How many customers a preview would change."""
    text = ngettext("{n} customer would be changed", "{n} customers would be changed", n)
    return text.format(n=formats.number(n))


def changed(n: int) -> str:
    """How many were."""
    return ngettext("{n} customer changed.", "{n} customers changed.", n).format(n=formats.number(n))


def _would_pause(n: int) -> str:
    text = ngettext("{n} customer would be paused", "{n} customers would be paused", n)
    return text.format(n=formats.number(n))


def _paused(n: int) -> str:
    return ngettext("{n} customer paused.", "{n} customers paused.", n).format(n=formats.number(n))


ASSIGN = Bulk(
    "assign",
    gettext_lazy("Assign"),
    "edit_customers",
    _assign,
    lambda by, data: OwnerForm(by, data),
    would_change,
    changed,
)
BULK = (
    ASSIGN,
    Bulk(
        "handle",
        gettext_lazy("Handling"),
        "edit_customers",
        _handle,
        lambda by, data: HandlingForm(data),
        would_change,
        changed,
    ),
    Bulk(
        "tag", gettext_lazy("Add a tag"), "edit_customers", _tag, lambda by, data: TagForm(data), would_change, changed
    ),
    Bulk(
        "untag",
        gettext_lazy("Take a tag away"),
        "edit_customers",
        _untag,
        lambda by, data: TagForm(data),
        would_change,
        changed,
    ),
    Bulk(
        "pause",
        gettext_lazy("Pause"),
        "hold",
        _pause,
        lambda by, data: PauseForm(data),
        _would_pause,
        _paused,
        gettext_lazy("Each of them whole: nothing of what they owe is asked for meanwhile."),
    ),
)
