"""Log lines that no page can forge: a URL or a message of a page's own making may hold line ends and escape codes."""

import logging
import re

_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class EscapedLines(logging.Formatter):
    """What another formatter makes of a record, control characters escaped and all lines but the first indented."""

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self._inner = inner

    def format(self, record: logging.LogRecord) -> str:
        text = _CONTROL.sub(_escaped, self._inner.format(record))
        return text.replace("\n", "\n    ")


def escape_log_lines() -> None:
    """For all handlers that the root logger has by now."""
    for handler in logging.root.handlers:
        inner = handler.formatter or logging.Formatter()
        if not isinstance(inner, EscapedLines):
            handler.setFormatter(EscapedLines(inner))


def skip_unread_records() -> None:
    """Makes no record that no handler of the root logger would take: Scrapy has all lines of all requests made."""
    least = min((handler.level for handler in logging.root.handlers), default=logging.WARNING)
    for name in (None, "scrapy"):  # which has a level of its own
        logging.getLogger(name).setLevel(least)


def _escaped(control: re.Match[str]) -> str:
    return control[0].encode("unicode_escape").decode("ascii")
