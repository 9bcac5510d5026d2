"""What commands draw on a terminal of 80 columns, as pictures: real commands, over the sample site and its redesign."""

import io
import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import accumulate
from pathlib import Path
from urllib.parse import urlsplit

from rich.cells import chop_cells
from rich.console import Console
from rich.terminal_theme import DEFAULT_TERMINAL_THEME, TerminalTheme
from rich.text import Text

from crawler.console import counted
from crawler.samplesite import serve
from tests.conftest import ROOT
from tests.terminals import drawn_by

_COLUMNS = 80
_MOST_LINES = 60  # a screen and a half; more is not looked at
_MOVES = re.compile(r"(\r?\n|\r|\x1b\[2K|\x1b\[1A|\x1b\[\?25[lh])")
_DARK = TerminalTheme(
    (24, 26, 31),
    (205, 209, 216),
    [
        *((60, 64, 72), (229, 105, 114), (140, 200, 120), (222, 190, 110)),
        *((100, 165, 240), (200, 130, 220), (90, 190, 200), (205, 209, 216)),
    ],
)
THEMES = {"light": DEFAULT_TERMINAL_THEME, "dark": _DARK}
_WIDE = re.compile(
    "[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]"
)
# As terminals do it: a letter of Chinese is two cells wide, and lines stand close, so that those of boxes are whole.
_PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: {background}; color: {foreground} }}
main {{ width: 80ch; padding: 12px; font: 15px/1.17 "DejaVu Sans Mono", monospace; background: {background} }}
header {{ opacity: .65; margin-bottom: .6em; white-space: pre-wrap }}
pre {{ margin: 0; font: inherit }}
i {{ font-style: inherit; display: inline-block; width: 2ch; height: 1.17em; text-align: center; vertical-align: top }}
</style><main><header>$ CALL</header><pre><code style="font-family:inherit">{code}</code></pre></main>"""


@dataclass(frozen=True, slots=True)
class Drawing:
    name: str
    call: str
    """As it was typed."""
    drawn: str
    """With its colours."""

    def html(self, theme: TerminalTheme) -> str:
        console = Console(record=True, width=_COLUMNS, force_terminal=True, file=io.StringIO())
        lines = [part for line in self.drawn.splitlines() for part in _folded(line)]
        rest = counted(len(lines) - _MOST_LINES, "more line")
        more = [Text(f"… {rest}", style="dim")] if len(lines) > _MOST_LINES else []
        console.print(*lines[:_MOST_LINES], *more, sep="\n")
        page = console.export_html(theme=theme, inline_styles=True, code_format=_PAGE)
        return _WIDE.sub(lambda letter: f"<i>{letter[0]}</i>", page.replace("CALL", escape(self.call)))


class Terminal:
    """A folder to work in, and a terminal."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._environment = {name: value for name, value in os.environ.items() if not name.startswith("TRIPTYCH_")}
        self._environment |= {"COLUMNS": f"{_COLUMNS}", "LINES": "40", "TERM": "xterm-256color"}
        self._environment |= {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
        self._environment.pop("NO_COLOR", None)

    def run(self, call: str) -> str:
        """All that `triptych …` sends to the terminal."""
        command = [sys.executable, "-m", "crawler", *call.split()]
        return drawn_by(command, folder=self._folder, environment=self._environment)

    def draw(self, name: str, call: str) -> Drawing:
        return Drawing(name, f"triptych {call}", _at_the_end(self.run(call)))


def _folded(line: str) -> Iterator[Text]:
    """As a terminal does it: at the last column, whatever stands there."""
    text = Text.from_ansi(line)
    widths = [len(part) for part in chop_cells(text.plain, _COLUMNS)]
    yield from text.divide(list(accumulate(widths))[:-1])


def _screens(sent: str) -> Iterator[str]:
    """What stands there after each line that was drawn, and at the end. Of a terminal, what rich's bars make use of."""
    lines, row = [""], 0
    for part in _MOVES.split(sent):
        if part in ("\n", "\r\n"):
            row += 1
            lines += [""] * (row == len(lines))
        elif part == "\x1b[1A":
            row -= 1
        elif part == "\x1b[2K":
            lines[row] = ""
        elif part and not _MOVES.fullmatch(part):
            lines[row] += part
            yield "\n".join(lines)
    yield "\n".join(lines).rstrip("\n")


def _at_the_end(sent: str) -> str:
    return list(_screens(sent))[-1]


def _midway(sent: str) -> str:
    """While the bar is there, and something is known of how far it is."""
    screens = [screen for screen in _screens(sent) if "━" in screen.rpartition("\n")[2]]
    screens = [screen for screen in screens if screen.endswith(" left")] or screens
    return screens[len(screens) // 2] if screens else _at_the_end(sent)


def draw_all(folder: Path) -> Iterator[Drawing]:
    """Each command with what it draws; `folder` is an empty one."""
    terminal = Terminal(folder)
    yield terminal.draw("help", "--help")
    yield terminal.draw("help-of-a-command", "crawl --help")
    yield terminal.draw("doctor", "doctor")
    yield terminal.draw("wrong-call", "shwo http://127.0.0.1/")
    yield terminal.draw("wrong-option", "status --jsno")
    redesign = folder / "redesigned"
    with serve(redesign=redesign) as base:
        page = f"{base}/dianshang/8801.shtml"
        yield from _crawled(terminal, base)
        for name, call in _calls(base, page):
            yield terminal.draw(name, call)
        redesign.touch()
        terminal.run(f"crawl articles -q -a url={base}/")
        yield terminal.draw("alarms", "alarms")
        yield terminal.draw("status-not-well", f"status --site {urlsplit(base).netloc}")
        yield terminal.draw("history", f"history {page}")


def _crawled(terminal: Terminal, base: str) -> Iterator[Drawing]:
    call = f"crawl articles -a url={base}/"
    sent = terminal.run(call)
    yield Drawing("crawling", f"triptych {call}", _midway(sent))
    yield Drawing("crawl", f"triptych {call}", _at_the_end(sent))


def _calls(base: str, page: str) -> Sequence[tuple[str, str]]:
    return (
        ("status", "status"),
        ("sites", "sites"),
        ("frontier", "frontier"),
        ("show", f"show {page}"),
        ("search", "search 仓库 滞箱费"),
        ("recrawl", f"recrawl {page} {base}/not-there.html"),
        ("site-new", f"site new {base}/ --dry-run"),
        ("duplicates", "duplicates"),
        ("prune", "prune --keep-versions 3 --failures-older-than 30d"),
        ("reextract", "reextract --dry-run"),
        ("archive", "archive check"),
        ("failing-database", "status -s DATABASE_URL=postgresql://me:secret@127.0.0.1:9/articles"),
    )
