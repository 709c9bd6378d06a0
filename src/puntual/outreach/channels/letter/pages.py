"""How many pages a PDF of ours has."""

import re

_PAGES = re.compile(rb"/Type\s*/Page\b")


def page_count(pdf: bytes) -> int:
    """The pages of a PDF that Typst made: it writes each page's object in the clear (ISO 32000-1, 7.7.3.3)."""
    return len(_PAGES.findall(pdf))
