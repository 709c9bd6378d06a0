"""What the log may not keep: the keys that stand in addresses of customers' pages and of providers' hooks."""

import logging
import re
from typing import Final

_KEYS: Final = re.compile(r"(/(?:c/(?:a|g|stop)|hooks/\w+)/)[^/\s?]+")


class WithoutKeys(logging.Filter):
    """Puts “…” where an address in a message has a key: whoever reads the log could open the page with it."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if (told := _KEYS.sub(r"\1…", said)) != said:
            record.msg, record.args = told, ()
        return True
