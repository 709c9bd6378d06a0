"""What every tenant table has: a key made by us and the organization it belongs to."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import models

from puntual.kernel.ids import uuid7


class TenantModel(models.Model):
    """A row that belongs to one organization and is seen by no other.

    `organization_id` is a plain column, not a Django relation: the room of organizations lies above this one, and the database
    itself carries the foreign key and the row-level security (see `operations.SecureTables`).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization_id = models.UUIDField(editable=False)

    class Meta:
        abstract = True


class TenantKey(models.ForeignKey[Any, Any]):
    """A reference to a row of the same organization.

    The constraint is the composite `(organization_id, column) → (organization_id, id)` that `SecureTables` writes, so a key that
    points into another organization cannot be stored. No index comes with it: each model names the ones its queries need.

    `agreeing` names columns that both tables have and that must be equal: they join the key (an installment's customer is its
    invoice's). A key among them needs no constraint of its own, which spares a check for every row of an import.
    """

    def __init__(
        self,
        to: type[models.Model] | str,
        on_delete: Callable[..., Any] = models.PROTECT,
        agreeing: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        self.agreeing = tuple(agreeing)
        kwargs["db_constraint"] = False
        kwargs["db_index"] = False
        kwargs.setdefault("related_name", "+")
        super().__init__(to, on_delete, **kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("db_constraint", None)
        kwargs.pop("db_index", None)
        if self.agreeing:
            kwargs["agreeing"] = self.agreeing
        return name, path, args, kwargs
