"""`scrapy site new URL`: a site that nobody has crawled, looked at and written down."""

import argparse
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from crawler.console import ConsoleCommand, Exit, complain, counted, say
from crawler.errors import UsageError
from crawler.label_file import write_whole
from crawler.markup.links import absolute_url
from crawler.saved_cases import case_folder, save_case
from crawler.site import GENERIC, Site
from crawler.site_file import new_site_name, site_file_text
from crawler.sites import site_file, site_of
from crawler.transport.typed import ask_typed

if TYPE_CHECKING:
    from crawler.looking import Looked, SiteLook

_ARTICLES = 3


class Command(ConsoleCommand):
    examples: ClassVar[tuple[str, ...]] = (
        "scrapy site new https://example.com/",
        "scrapy site new https://example.com/news/ --name example --dry-run",
        "scrapy site new https://example.com/ --force --json",
    )
    json_told: ClassVar[str] = "one JSON object: what was found, pages as `scrapy extract` has them"
    actions: ClassVar[tuple[str, ...]] = ("new",)

    def syntax(self) -> str:
        return "new [options] URL"

    def short_desc(self) -> str:
        return "Look at a new site, write its file, save pages as test cases"

    def long_desc(self) -> str:
        return (
            "Looks at a site that was never crawled, robots.txt obeyed: the list page at URL, its feeds, its sitemaps, "
            f"and {_ARTICLES} articles. Shows the three panels of each, writes crawler/sites/NAME.py, and saves the "
            "pages as test cases in tests/pages/NAME, for you to correct by hand. Nothing is stored in the database. A "
            "site needs no file to be crawled; the file is where hints go. Exit status: 0 the file and the cases are "
            "there, 1 no article was found and nothing is written, 2 wrong call."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--name", help="of the file and of the cases (default: made of the host)")
        parser.add_argument("--dry-run", action="store_true", help="only look; write nothing")
        parser.add_argument("--force", action="store_true", help="replace the file and the cases that are there")

    def perform(self, args: list[str], opts: argparse.Namespace) -> Exit:
        from crawler.fetching import fetch_pages
        from crawler.looking import SiteLook

        url = _url_of(args)
        name = opts.name or _usual_name(url, forced=opts.force or opts.dry_run)
        if not opts.dry_run:
            _refuse_to_replace(name, forced=opts.force)
        ask_typed(self.project_settings, [url])
        look = SiteLook(url, wanted=_ARTICLES)
        with tempfile.TemporaryDirectory(prefix="triptych-") as folder:
            fetch_pages([url], Path(folder), settings=self.project_settings, follow=look.follow)
            if not look.articles:
                complain(_why_nothing(look))
                return Exit.FAILED
            written = [] if opts.dry_run else _write(name, look)
            self._tell(name, look, written, as_json=opts.json)
        return Exit.OK

    def _tell(self, name: str, look: "SiteLook", written: list[Path], *, as_json: bool) -> None:
        from crawler.commands.site_shown import print_found, print_look

        if as_json:
            print_found(name, look, written)
        else:
            print_look(look)
        if not written:
            say("nothing was written; without --dry-run, the site file and the test cases are")
            return
        file, *cases = map(_shown, written)
        say(f"site file   {file}\ntest cases  " + "\n            ".join(cases))
        say("expected.json of each is what the extractor says today, not what is right: correct it by hand")
        say(f"next: scrapy crawl articles -a site={name} -a limit=20")


def _url_of(args: list[str]) -> str:
    match args:
        case ["new", url] if absolute_url(None, url) is not None:
            return url
        case ["new", url]:
            raise UsageError(f"an http or https URL expected, found {url!r}; as in: scrapy site new https://{url}/")
    raise UsageError(f"expected: new URL, found {' '.join(args) or 'nothing'}; `scrapy sites` lists those there are")


def _usual_name(url: str, *, forced: bool) -> str:
    """That of the site that has the host already, where it has labels and no module; else made of the host."""
    there = site_of(url)
    if there is GENERIC:
        return new_site_name(urlsplit(url).hostname or "")
    if site_file(there.name).exists() and not forced:
        raise UsageError(
            f"{_shown(site_file(there.name))} has this host already; look without writing by --dry-run, or replace it "
            f"by --force; `scrapy record {there.name} CASE URL` saves one more page"
        )
    return there.name


def _refuse_to_replace(name: str, *, forced: bool) -> None:
    folders = [case_folder(name, case) for case in ("front", *(f"article-{n + 1}" for n in range(_ARTICLES)))]
    there = [path for path in (site_file(name), *folders) if path.exists()]
    if there and not forced:
        raise UsageError(f"{_shown(there[0])} is there already; name another site by --name, or replace it by --force")


def _write(name: str, look: "SiteLook") -> list[Path]:
    """The site file and the folders of the cases. The file comes last: it is what makes the site known."""
    from crawler.extraction_pool import expectation_of

    folders = []
    for case, looked in _cases(look):
        folder = case_folder(name, case)
        save_case(looked.saved, expectation_of(looked.saved, site=name, case=case), folder)
        folders.append(folder)
    path = site_file(name)
    site = Site(name=name, domains=_domains(look), start_urls=_start_urls(look))
    write_whole(path, site_file_text(site, found_on=datetime.now(UTC).date()))
    return [path, *folders]


def _cases(look: "SiteLook") -> "list[tuple[str, Looked]]":
    articles = [(f"article-{number}", looked) for number, looked in enumerate(look.articles, 1)]
    return [("front", look.front), *articles] if look.front else articles


def _domains(look: "SiteLook") -> tuple[str, ...]:
    """As it was typed, and as it is after redirects."""
    urls = [look.url, *(looked.saved.url or "" for _, looked in _cases(look))]
    hosts = (urlsplit(url).hostname or "" for url in urls)
    return tuple(dict.fromkeys(host.removeprefix("www.") for host in hosts if host))


def _start_urls(look: "SiteLook") -> tuple[str, ...]:
    """The list page, and feeds and sitemaps that a crawl would not find by itself."""
    front = look.front.saved.url if look.front else None
    unknown = (each.url for each in look.announcements if not each.is_known)
    return tuple(dict.fromkeys((front or look.url, *unknown)))


def _why_nothing(look: "SiteLook") -> str:
    from models.items import FailureClass

    first = next(iter(look.failed), None)
    if first is not None and first.id == look.url:
        forbidden = first.failure_class is FailureClass.REFUSED_ROBOTS
        advice = "start at a page that it allows, or ask its owner" if forbidden else "check the address in a browser"
        told = f"{first.failure_class.value}: {first.failure_message}" if first.failure_class else "it cannot be read"
        return f"{look.url}: {told}\nnothing was written; {advice}"
    seen = counted(len(look.others) + (look.front is not None), "page")
    failed = f", {len(look.failed):,} failed" if look.failed else ""
    told = f"no article on {seen} of {look.url}{failed}"
    if first is not None and first.failure_class:
        told += f"; the first of them: {first.failure_class.value}: {first.failure_message} ({first.id})"
    if look.is_scripted:
        advice = "its pages are built by scripts: run it again with -s BROWSER_ENABLED=1, which needs the extra `js`"
    else:
        advice = "start at a page that lists articles, or at an article: scrapy site new URL"
    return f"{told}\nnothing was written; {advice}"


def _shown(path: Path) -> str:
    """From the working directory on, where it is below that; else whole."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
