"""Fixtures of this room's tests."""

import pytest

from conftest import Cast


@pytest.fixture
def committed(transactional_db: None, cast: Cast) -> Cast:
    """The cast, committed and outside any transaction: for what has transactions, or processes, of its own."""
    return cast
