"""A site file for a real layout, where the generic rules fail: a text that says a long sentence twice on purpose.

A long block that stands again is a copy for another screen, as a rule; the layout's own class says that it is not.
"""

import json
import tarfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from crawler.extractors import extract_page
from crawler.site import GENERIC, Site
from models.items import Page

SITES = Path(__file__).parents[2] / "shared" / "sites"
MINIMA = Site(name="minima", headline=".post-title", article_body=".post-content", date_published=".dt-published")
LONG = 80  # letters

pytestmark = pytest.mark.skipif(not SITES.is_dir(), reason="needs the real sites of ../shared/sites")


def pages_that_repeat() -> Iterator[tuple[str, bytes, list[str]]]:
    """Of a real Jekyll site: URL, markup and texts of each article with a long text twice."""
    with tarfile.open(SITES / "jekyll-minima.tar.xz") as tar:
        for line in read(tar, "truth.jsonl").decode().splitlines():
            article = json.loads(line)
            texts = [block["text"] for block in article["blocks"] if block["type"] in ("p", "quote")]
            if any(texts.count(text) > 1 and len(text) >= LONG for text in texts):
                yield article["url"], read(tar, "public" + unquote(article["url"])), texts


def read(tar: tarfile.TarFile, path: str) -> bytes:
    file = tar.extractfile(f"jekyll-minima/{path}")
    assert file is not None
    return file.read()


def missed(page: Page, texts: list[str]) -> int:
    found = [block.text for article in page.articles for block in article.blocks]
    return sum(found.count(text) < texts.count(text) for text in texts)


def test_site_file_finds_what_the_generic_rules_leave_out() -> None:
    pages = list(pages_that_repeat())
    assert pages

    for path, html, texts in pages:
        url = f"https://minima.example{path}"

        assert missed(extract_page(html, url=url, site=GENERIC), texts) > 0
        assert missed(extract_page(html, url=url, site=MINIMA), texts) == 0
