"""Rows staged by COPY arrive as they were, whatever is in them."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from django.utils.safestring import SafeString

from puntual.tenancy.staging import staged

KEY = UUID("01a2006b-bc8f-73de-834b-ad5202387234")
COLUMNS = {
    "line": "int", "id": "uuid", "day": "date", "amount": "numeric", "words": "text", "other": "text", "maybe": "uuid",
    "yes": "boolean",
}  # fmt: skip
HARD = ("a\tb", "a\nb", "a\r", "back\\slash", "\\N", "", "ñandú\N{NO-BREAK SPACE}x", "“”", "\\.")


@pytest.mark.django_db
@pytest.mark.parametrize("count", [0, 1, 1999, 2000, 2001])
def test_rows_arrive_as_they_were(count: int) -> None:
    rows = [
        (
            n,
            UUID(int=n),
            date(2026, 1, 1 + n % 28),
            Decimal(n) / 100,
            HARD[n % len(HARD)],
            SafeString(HARD[n % len(HARD)]) if n % 2 else None,
            KEY if n % 3 else None,
            n % 2 == 0,
        )
        for n in range(count)
    ]
    with staged("staging_test", COLUMNS, rows) as cursor:
        cursor.execute("SELECT * FROM staging_test ORDER BY line")
        assert cursor.fetchall() == rows


@pytest.mark.django_db
def test_a_text_of_a_kind_of_its_own_is_escaped_too() -> None:
    rows = [(SafeString(text),) for text in HARD]
    with staged("staging_test", {"words": "text"}, rows) as cursor:
        cursor.execute("SELECT words FROM staging_test")
        assert sorted(cursor.fetchall()) == sorted(rows)
