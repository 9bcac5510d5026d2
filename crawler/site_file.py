"""The text of a new site file: what is known of the site, and which hints there are."""

import json
import re
from datetime import date

from crawler.site import Site

_LINE = 120  # what ruff format would keep on one

_HINTS = """\
    # Nothing more is needed while the panels are right. Of use where they are not; all hints are in crawler/site.py:
    # timezone="Asia/Shanghai",  # for times that show none
    # ignored_url=r"/print/",  # never asked for
    # headline="h1",  # CSS; a page on which it finds nothing is a recorded failure
    # article_body="div.post",
    # not_body=("div.advert",),
"""


def new_site_name(host: str) -> str:
    """What a module may be called: "36kr.com" gives "site_36kr_com"."""
    name = re.sub(r"[^a-z0-9]+", "_", host.lower().removeprefix("www.")).strip("_") or "site"
    return f"site_{name}" if name[0].isdigit() else name


def site_file_text(site: Site, *, found_on: date) -> str:
    """A module with the constant SITE. Whatever stands in a URL stays text: it comes from pages."""
    lines = [
        f'"""{site.name}, as `triptych site new` found it on {found_on:%Y-%m-%d}."""',
        "",
        "from crawler.site import Site",
        "",
        "SITE = Site(",
        f"    name={_quoted(site.name)},",
        _sequence("domains", site.domains),
        _sequence("start_urls", site.start_urls),
    ]
    return "\n".join(lines) + f"\n{_HINTS})\n"


def _sequence(name: str, values: tuple[str, ...]) -> str:
    quoted = list(map(_quoted, values))
    line = f"    {name}=({', '.join(quoted)}{',' if len(quoted) == 1 else ''}),"
    if len(line) <= _LINE:
        return line
    return "\n".join([f"    {name}=(", *(f"        {each}," for each in quoted), "    ),"])


def _quoted(text: str) -> str:
    """In double quotes. What JSON escapes, Python reads as the same; half a surrogate pair too."""
    return json.dumps(text, ensure_ascii=False).encode("utf-8", "backslashreplace").decode("utf-8")
