"""What the fields of a manual may be written with."""

import re

_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def is_code(text: str) -> bool:
    """Whether it can be the code of something: small letters, digits, - and _, up to 60."""
    return _CODE.fullmatch(text) is not None


def is_line(text: str, most: int) -> bool:
    """Whether it is one line of 1 to `most` letters that people can read."""
    return len(text.strip()) > 0 and len(text) <= most and not _CONTROL.search(text)


def is_prose(text: str, most: int = 8000) -> bool:
    """Whether it is text of 1 to `most` letters, in lines that people can read."""
    return is_line(text.replace("\n", " "), most)
