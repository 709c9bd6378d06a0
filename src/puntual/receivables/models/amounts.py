"""Columns for amounts."""

from typing import Any

from django.db import models


def money(**options: Any) -> "models.DecimalField[Any, Any]":
    """A column for an amount: 20 digits, 4 of them decimals, enough for every ISO 4217 currency."""
    return models.DecimalField(max_digits=20, decimal_places=4, **options)
