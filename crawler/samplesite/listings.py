"""The pages round the articles: lists with pagination, tag pages, topic pages, the home page."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from crawler.samplesite.layouts import modern, plain, portal
from crawler.samplesite.layouts.markup import item_link, lines, link
from crawler.samplesite.plan import Plan, show_date, tag_slug
from crawler.samplesite.texts import Edition, Promotions
from models.items import LinkItem

HIDDEN_PATH = "/drafts/"
"""Disallowed in robots.txt, and linked from the home page all the same."""


def render_listings(plans: Sequence[Plan]) -> Iterator[tuple[str, str]]:
    """Path and HTML of each list page of one edition, newest or lowest number first."""
    edition = plans[0].edition
    pages = [plans[start : start + edition.per_page] for start in range(0, len(plans), edition.per_page)]
    for number, shown in enumerate(pages, start=1):
        path = edition.listing_path if number == 1 else edition.page_path.format(n=number)
        following = edition.page_path.format(n=number + 1) if number < len(pages) else None
        title = edition.title if number == 1 else f"{edition.title} ({number})"
        yield path, _dress(edition, title, _entries(shown) + _pager(edition, following, len(pages)))


def render_tag_pages(plans: Sequence[Plan]) -> Iterator[tuple[str, str]]:
    """A page for each tag; its links carry tracking parameters, as campaign links do."""
    edition = plans[0].edition
    if not edition.tag_path:
        return
    tagged: dict[str, list[Plan]] = {}
    for plan in plans:
        for name in plan.stories[0].tags:
            tagged.setdefault(name, []).append(plan)
    for name, shown in tagged.items():
        entries = _entries(shown, query="?utm_source=topic&utm_medium=web")
        yield edition.tag_path.format(tag=tag_slug(name)), _dress(edition, name, entries)


def render_topics(plans: Sequence[Plan], promotions: Promotions) -> Iterator[tuple[str, str]]:
    """The pages that promotion lines lead to."""
    for number, line in enumerate(promotions.lines):
        for path in line.paths:
            chosen = plans[number % len(plans) :][:3]
            yield path, _dress(plans[0].edition, line.label, _entries(chosen))


def render_home(editions: Sequence[Edition], fronts: Mapping[str, Sequence[Plan]]) -> str:
    sections = [
        f"<section><h2>{link(edition.listing_path, edition.title)}</h2>"
        f"{_entries(fronts[edition.name][:3], query='?from_source=home')}</section>"
        for edition in editions
    ]
    hidden = f'<p class="small">{link(HIDDEN_PATH, "Drafts")} {link("/go/1", "Editor’s choice")}</p>'
    return modern.frame(editions[0], title="Quay & Parcel and friends", head="", main=lines([*sections, hidden]))


def render_about(edition: Edition) -> str:
    text = "A site made up for a demonstration. Its shops, ports and people exist nowhere else."
    return modern.frame(edition, title="About", head="", main=f"<h1>About</h1><p>{escape(text)}</p>")


def render_draft(edition: Edition) -> str:
    """Behind robots.txt: whoever stores its sentence has not read the rules."""
    text = "This draft is not for robots, and a crawler that has read it has not read robots.txt."
    return modern.frame(edition, title="Draft", head="", main=f"<h1>Draft</h1><p>{escape(text)}</p>")


def _dress(edition: Edition, title: str, content: str) -> str:
    match edition.layout:
        case "modern":
            head = '<meta property="og:type" content="website">'
            return modern.frame(edition, title=title, head=head, main=f"<h1>{escape(title)}</h1>\n{content}")
        case "portal":
            main = f'<div class="left"><div class="list">{content}</div></div>'
            return portal.frame(edition, title=title, keywords="", main=main)
        case _:
            return plain.frame(edition, title=title, head="", main=f'<td colspan="2">{content}</td>')


def _entries(plans: Sequence[Plan], *, query: str = "") -> str:
    rows = (_entry(plan, query) for plan in plans)
    return f'<ul class="entries">\n{lines(rows)}\n</ul>'


def _entry(plan: Plan, query: str) -> str:
    story = plan.stories[0]
    item = LinkItem(url=plan.path + query, headline=story.headline)
    shown = show_date(story.published, plan.edition)
    teaser = escape(story.description or story.paragraphs[0][:60])
    return f'<li>{item_link(item)} <span class="date">{shown}</span><p>{teaser}</p></li>'


def _pager(edition: Edition, following: str | None, count: int) -> str:
    numbers = " ".join(
        link(edition.listing_path if number == 1 else edition.page_path.format(n=number), str(number))
        for number in range(1, count + 1)
    )
    further = link(following, edition.labels["older"], 'rel="next"') if following else ""
    return f'<div class="pages">{numbers} {further}</div>'
