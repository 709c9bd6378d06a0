"""Each story begins on Monday 2 March 2026 in an empty organization."""

from datetime import date

import pytest

from tests.scenarios.story import Story


@pytest.fixture
def story(transactional_db: None) -> Story:
    return Story(date(2026, 3, 2))
