"""The truth of the sample site: for each article page the `Page` an extractor has to give back.

A layout turns such a `Page` into HTML, so what is served and what is expected cannot drift apart. Fields that the
markup leaves open are None in the truth: `title`, `encoding`, XPaths, confidence.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone

from crawler.samplesite.texts import Edition, Promotions, Story
from models.items import (
    Article,
    Block,
    BlockType,
    LinkItem,
    LinkList,
    LinkListKind,
    Outlink,
    OutlinkKind,
    Page,
    PageKind,
    TagItem,
    TagList,
    TagListKind,
)

_HOT_ROWS = 8
_HOT_SINCE = datetime(2026, 8, 21, 19, 20, tzinfo=timezone(timedelta(hours=8)))
_EXCERPT_LENGTH = 96


@dataclass(frozen=True, slots=True)
class Plan:
    """One article page: where it stands and what it says."""

    edition: Edition
    index: int
    """Place among the pages of its edition; layouts vary with it."""
    stories: tuple[Story, ...]
    """One, or two that run together."""
    path: str
    page: Page
    promotions: Promotions | None = None


@dataclass(frozen=True, slots=True)
class Shelf:
    """The pages-to-be of one edition, and where the site stands."""

    base_url: str
    edition: Edition
    stories: tuple[Story, ...]

    @property
    def leads(self) -> tuple[Story, ...]:
        """Stories with a page of their own."""
        seconds = {story.second for story in self.stories}
        return tuple(story for story in self.stories if story.slug not in seconds)

    def url_of(self, story: Story) -> str:
        return self.base_url + self.edition.path_of(story)

    def run_of(self, lead: Story) -> tuple[Story, ...]:
        """The stories of one page, in page order."""
        return (lead, *(story for story in self.stories if story.slug == lead.second))

    def item(self, story: Story, *, dated: bool = False, described: bool = False) -> LinkItem:
        return LinkItem(
            url=self.url_of(story),
            headline=story.headline,
            description=_excerpt(story) if described else None,
            date_published=story.published if dated else None,
            date_text=show_date(story.published, self.edition) if dated else None,
        )

    def others(self, index: int, steps: Sequence[int]) -> tuple[Story, ...]:
        """Stories some steps further on, round the end, each once and never the one at `index`."""
        leads = self.leads
        places = dict.fromkeys((index + step) % len(leads) for step in steps)
        return tuple(leads[place] for place in places if place != index)


def show_date(moment: datetime, edition: Edition) -> str:
    """As the edition's pages print it; English pages name their zone."""
    if "%Z" in edition.date_format:
        moment = moment.astimezone(UTC)
    return moment.strftime(edition.date_format).replace("UTC", "GMT")


def plan_modern(shelf: Shelf) -> Iterator[Plan]:
    labels = shelf.edition.labels
    for index, story in enumerate(shelf.leads):
        image = next((f"{shelf.base_url}/images/{b.url}" for b in story.blocks if b.type is BlockType.IMAGE), None)
        article = _article(shelf, story, position=0)
        article = replace(
            article,
            blocks=tuple(_with_image_url(block, image) for block in article.blocks),
            date_modified=story.modified,
            section=story.section,
            description=story.description,
            main_image=image,
        )
        related = tuple(
            replace(shelf.item(other), image=f"{shelf.base_url}/images/{other.slug}.svg")
            for other in shelf.others(index, (2, 5, 7))
        )
        lists = (
            _links(LinkListKind.INLINE, labels["inline"], shelf, shelf.others(index, (3,))),
            LinkList(kind=LinkListKind.RELATED, heading=labels["related"], items=related),
            _links(LinkListKind.POPULAR, labels["popular"], shelf, _popular(shelf, story)),
            _links(LinkListKind.ADJACENT, None, shelf, _neighbours(shelf, index)),
        )
        yield _plan(shelf, index, articles=(article,), link_lists=lists, tag_lists=(_tags(shelf, story),))


def plan_plain(shelf: Shelf) -> Iterator[Plan]:
    labels = shelf.edition.labels
    for index, story in enumerate(shelf.leads):
        related = tuple(shelf.item(other, dated=True) for other in shelf.others(index, (2, 3, 5)))
        lists = (
            LinkList(kind=LinkListKind.RELATED, heading=labels["related"], items=related),
            _links(LinkListKind.LATEST, labels["latest"], shelf, _popular(shelf, story)),
            _links(LinkListKind.ADJACENT, None, shelf, _neighbours(shelf, index)),
        )
        articles = (_article(shelf, story, position=0),)
        names = tuple(TagItem(name=name) for name in story.tags)
        tags = (TagList(kind=TagListKind.ARTICLE, heading=labels["tags"].strip().rstrip(":"), items=names),)
        yield _plan(shelf, index, articles=articles, link_lists=lists, tag_lists=tags if names else ())


def plan_portal(shelf: Shelf, promotions: Promotions, hot: Sequence[tuple[str, str]]) -> Iterator[Plan]:
    """`hot` gives headline and URL of articles elsewhere on the site: its hot tags are whole titles."""
    labels = shelf.edition.labels
    for index, lead in enumerate(shelf.leads):
        run = shelf.run_of(lead)
        joined = len(run) > 1
        articles = tuple(_article(shelf, story, position=place) for place, story in enumerate(run))
        items = tuple(shelf.item(other, dated=True, described=True) for other in shelf.others(index, (1, 2, 3, 4, 5)))
        lists: tuple[LinkList, ...] = (LinkList(kind=LinkListKind.RELATED, heading=labels["related"], items=items),)
        if joined:
            lists = (_promotion_list(shelf, promotions), *lists)
        tags = _hot_tags(labels["hot"], hot, index)
        tag_lists = (tags,) if joined or not lead.tags else (_tags(shelf, lead), tags)
        plan = _plan(shelf, index, articles=articles, link_lists=lists, tag_lists=tag_lists)
        if joined:
            broken = Outlink(url=promotions.broken_url, text=None, kind=OutlinkKind.BROKEN)
            plan = replace(plan, page=replace(plan.page, outlinks=(broken,)), promotions=promotions)
        yield plan


def _plan(
    shelf: Shelf,
    index: int,
    *,
    articles: tuple[Article, ...],
    link_lists: tuple[LinkList, ...],
    tag_lists: tuple[TagList, ...],
) -> Plan:
    stories = shelf.run_of(shelf.leads[index])
    url = shelf.url_of(stories[0])
    page = Page(
        url=url,
        canonical_url=url,
        status=200,
        kind=PageKind.ARTICLE,
        articles=articles,
        link_lists=link_lists,
        tag_lists=tag_lists,
    )
    return Plan(shelf.edition, index, stories, shelf.edition.path_of(stories[0]), page)


def _article(shelf: Shelf, story: Story, *, position: int) -> Article:
    """The second of two that run together shows neither byline nor date of its own."""
    first = position == 0
    return Article(
        position=position,
        headline=story.headline,
        blocks=story.blocks,
        authors=story.authors,
        source=story.source,
        date_published=story.published if first else None,
        date_text=show_date(story.published, shelf.edition) if first else None,
        in_language=shelf.edition.language if shelf.edition.layout == "modern" else None,
    )


def _with_image_url(block: Block, image: str | None) -> Block:
    return replace(block, url=image) if block.type is BlockType.IMAGE else block


def _links(kind: LinkListKind, heading: str | None, shelf: Shelf, stories: Sequence[Story]) -> LinkList:
    return LinkList(kind=kind, heading=heading, items=tuple(shelf.item(story) for story in stories))


def _popular(shelf: Shelf, story: Story) -> tuple[Story, ...]:
    return tuple(other for other in shelf.leads if other is not story)[:5]


def _neighbours(shelf: Shelf, index: int) -> tuple[Story, ...]:
    return shelf.others(index, (-1, 1))


def _tags(shelf: Shelf, story: Story) -> TagList:
    edition = shelf.edition
    path = edition.tag_path or ""
    items = tuple(TagItem(name=name, url=shelf.base_url + path.format(tag=tag_slug(name))) for name in story.tags)
    return TagList(kind=TagListKind.ARTICLE, heading=edition.labels["tags"].rstrip(":"), items=items)


def tag_slug(name: str) -> str:
    """ "Small business" gives "small-business"; a Chinese name gives its code points."""
    if name.isascii():
        return name.lower().replace(" ", "-")
    return "-".join(f"{ord(char):x}" for char in name.lower())


def _hot_tags(heading: str, hot: Sequence[tuple[str, str]], index: int) -> TagList:
    """Rows of two titles and one time; a page starts its rows where the page before ended."""
    count = min(_HOT_ROWS * 2, len(hot) - len(hot) % 2)
    chosen = [hot[(index * 2 + step) % len(hot)] for step in range(count)]
    items = tuple(TagItem(name=name, url=url, date_published=_HOT_SINCE) for name, url in chosen)
    return TagList(kind=TagListKind.HOT, heading=heading, items=items)


def _promotion_list(shelf: Shelf, promotions: Promotions) -> LinkList:
    items = tuple(
        LinkItem(url=shelf.base_url + path, headline=line.label) for line in promotions.lines for path in line.paths
    )
    return LinkList(kind=LinkListKind.PROMOTION, items=items)


def _excerpt(story: Story) -> str:
    """Cut in mid-sentence, as such pages do."""
    return "".join(story.paragraphs)[:_EXCERPT_LENGTH]
