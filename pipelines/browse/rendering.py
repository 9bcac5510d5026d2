"""Templates to answers. Whatever a page says is escaped, and what could turn a line around is shown instead."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from pipelines.search import Word

_WHERE = ("url", "urls", "site", "start_urls")
_FOLDER = Path(__file__).parent / "templates"
# C0 and C1 controls but for tab and line ends; zero-width characters that join nothing; bidi controls.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def visible(value: Any) -> Any:
    """Every value that a template shows: None is nothing, a control is its number.

    Plain text, so that it does no harm in an attribute either.
    """
    if value is None:
        return ""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return _CONTROLS.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", value)


def web_url(url: str | None) -> str | None:
    """The URL where a link to it is harmless; None for javascript:, data:, and what no URL is."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme.lower() in ("http", "https") and parts.netloc else None


def marked(text: str | None, words: Sequence[Word]) -> Markup:
    """The words in it as `<mark>`."""
    shown = visible(text or "")
    spans = sorted(found.span() for word in words for found in word.pattern.finditer(shown))
    pieces, end = [], 0
    for start, stop in spans:
        if start >= end:
            pieces += [escape(shown[end:start]), Markup("<mark>{}</mark>").format(shown[start:stop])]
            end = stop
    return Markup("").join([*pieces, escape(shown[end:])])


def query(values: Mapping[str, Any], **changed: Any) -> str:
    """The query part of a URL, with its "?": what is empty is left out."""
    kept = {name: value for name, value in {**values, **changed}.items() if value not in (None, "", False)}
    return f"?{urlencode(kept)}" if kept else "?"


def _day(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%d") if moment else ""


def _moment(moment: datetime | None) -> Markup:
    if moment is None:
        return Markup("")
    shown = moment.strftime("%Y-%m-%d %H:%M")
    return Markup('<time datetime="{}" title="{} UTC">{}</time>').format(moment.isoformat(), shown, shown)


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _what(arguments: Mapping[str, Any]) -> str:
    """What a run or a schedule crawls: URLs, a site's name; and how, as "limit=20"."""
    shown = []
    for name, value in arguments.items():
        if name in _WHERE:
            shown += value if isinstance(value, list) else [value]
        elif value is not None:
            shown.append(f"{name}={value}")
    return ", ".join(str(value) for value in shown if value is not None)


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.0f} %"


def _seconds(seconds: float | None) -> str:
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if not hours and not minutes:
        return f"{seconds:.3g} s"
    parts = ((hours, "h"), (minutes, "min"), (0 if hours else rest, "s"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number)


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "web": web_url,
        "day": _day,
        "moment": _moment,
        "counted": _counted,
        "what": _what,
        "percent": _percent,
        "seconds": _seconds,
        "marked": marked,
        "query": query,
    }
    return made


_ENVIRONMENT = _environment()


def answer(template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    return HTMLResponse(_ENVIRONMENT.get_template(template).render(values), status_code=status)
