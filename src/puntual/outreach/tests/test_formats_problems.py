"""What a Problem says on a page: its days and amounts stand as the reader writes them, in files and for programs as they are."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from puntual.kernel.problems import Problem
from puntual.outreach.formats import locale_of, sentence

PROBLEM = Problem(
    "{asked} on {day}, of {number}", asked=Decimal("1180.50"), day=date(2026, 11, 29), number="F001-00001180"
)


@pytest.mark.parametrize(
    ("language", "country", "said"),
    [
        ("es", "PE", "1,180.50 on 29 de noviembre de 2026, of F001-00001180"),
        ("es", "CL", "1.180,50 on 29 de noviembre de 2026, of F001-00001180"),
        ("en", "US", "1,180.50 on November 29, 2026, of F001-00001180"),
        ("pt", "BR", "1.180,50 on 29 de novembro de 2026, of F001-00001180"),
    ],
)
def test_days_and_amounts_stand_as_the_reader_writes_them(language: str, country: str, said: str) -> None:
    with translation.override(language):
        assert sentence(PROBLEM, locale_of(language, country)) == said


def test_a_program_reads_them_back() -> None:
    assert PROBLEM.text() == str(PROBLEM) == "1180.50 on 2026-11-29, of F001-00001180"
