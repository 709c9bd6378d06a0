"""Columns for names."""

from typing import Any

from django.db import models


def who(**options: Any) -> "models.CharField[Any, Any]":
    """A column for the name of a person, or of Puntual where the clock acted."""
    return models.CharField(max_length=150, **options)
