"""Labelled pages of link lists: what each group of links on them is."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from crawler.document import Document
from crawler.extractors.body.finder import BodyFinder
from crawler.extractors.lists.headed_boxes import headed_blocks
from crawler.extractors.lists.link_panels import LinkPanels
from crawler.extractors.tree.outline import Outline, outline_of
from crawler.markup.links import registered_domain


@dataclass(frozen=True, slots=True)
class GoldPage:
    """A page and its labels: a line of `lists/gold.jsonl` beside `lists/html/ID.html.gz`."""

    id: str
    document: Document
    row: dict[str, Any]

    @property
    def site(self) -> str:
        """What is left out together; a page of unknown address is a site of its own."""
        host = urlsplit(self.row["url"] or "").hostname
        return registered_domain(host) if host else self.id

    def read(self) -> tuple[Outline, frozenset[int]]:
        """The page as the extractor sees it: its outline and the blocks that are, roughly, its body."""
        outline = outline_of(self.document)
        return outline, BodyFinder(outline).find_roughly(claimed=headed_blocks(outline)).numbers

    def panels(self) -> LinkPanels:
        outline, body = self.read()
        return LinkPanels(self.document, outline, body)


def read_gold(data: Path) -> Iterator[GoldPage]:
    folder = data / "lists"
    with (folder / "gold.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            html = gzip.decompress((folder / "html" / f"{row['id']}.html.gz").read_bytes())
            text = html.decode(row.get("encoding") or "utf-8", "replace")
            yield GoldPage(row["id"], Document.parse(text, url=row["url"]), row)


def label_groups(page: GoldPage, panels: LinkPanels) -> Iterator[tuple[int, float, float]]:
    """Number, label and weight of each group that may be a list; weight 0 where the labels leave it open."""
    listed, open_urls = _labelled_urls(page.row)
    for number, group in enumerate(panels.groups):
        if not panels.may_be_list(group):
            continue
        keys = [_key(link.url) for anchor in group.anchors if (link := panels.reader.read(anchor.href)) is not None]
        total = len(group.anchors)
        hits, unclear = sum(key in listed for key in keys), sum(key in open_urls for key in keys)
        if 2 * unclear > total:
            yield number, 0.0, 0.0
        else:
            yield number, float(hits > total - hits - unclear), total**0.5


def _labelled_urls(row: dict[str, Any]) -> tuple[set[str], set[str]]:
    """Links of lists, and links that may be counted either way."""
    listed: set[str] = set()
    unclear: set[str] = set()
    for block in row["related"]:
        for item in block["items"]:
            kind = unclear if block.get("optional") or item.get("optional") else listed
            kind.add(_key(item["url"]))
    return listed, unclear - listed


def _key(url: str) -> str:
    parts = urlsplit(url.strip())
    query = "&".join(sorted(part for part in parts.query.split("&") if not part.lower().startswith("utm_")))
    return f"{parts.scheme.lower()}://{parts.netloc.lower()}{unquote(parts.path).rstrip('/')}?{query}"
