"""Small pieces of HTML shared by the layouts."""

from collections.abc import Iterable
from html import escape
from string import Template

from crawler.samplesite.plan import Plan
from crawler.samplesite.texts import read_template
from models.items import LinkItem, LinkList, LinkListKind, TagList, TagListKind


def link(url: str | None, text: str | None, attributes: str = "") -> str:
    return f'<a href="{escape(url or "")}"{attributes and " " + attributes}>{escape(text or "")}</a>'


def item_link(item: LinkItem) -> str:
    return link(item.url, item.headline)


def list_of(plan: Plan, kind: LinkListKind) -> LinkList:
    """The page's list of this kind, or an empty one."""
    return next((one for one in plan.page.link_lists if one.kind is kind), LinkList(kind=kind, items=()))


def tags_of(plan: Plan, kind: TagListKind) -> TagList:
    return next((one for one in plan.page.tag_lists if one.kind is kind), TagList(kind=kind, items=()))


def lines(parts: Iterable[str]) -> str:
    return "\n".join(parts)


def fill(template: str, **parts: str) -> str:
    """The template file with its `$names` replaced; raises KeyError for one that is not given."""
    return Template(read_template(template)).substitute(parts)
