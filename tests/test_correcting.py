"""Pages read for a correction, as a crawl with the same settings reads them."""

from dataclasses import dataclass
from datetime import UTC, datetime

from crawler.correcting import SiteCorrector
from crawler.page_limits import PageLimits

PARAGRAPHS = [f"The harbour office counted {count} parcels that morning, before noon." for count in range(9)]
LINKS = "".join(f"<a href='/2026/02/parcel-{number}.html'>Parcel {number}</a>" for number in range(9))
MARKUP = f"<html><body><article>{''.join(f'<p>{text}</p>' for text in PARAGRAPHS)}</article>{LINKS}</body></html>"


@dataclass(frozen=True)
class Kept:
    url: str = "https://news.example/2026/02/harbour.html"
    status: int = 200
    content_type: str = "text/html"
    body: bytes = MARKUP.encode()
    fetched_at: datetime = datetime(2026, 2, 3, tzinfo=UTC)


def test_page_is_read_within_the_limits_of_the_settings() -> None:
    page = SiteCorrector(PageLimits(links=3)).read(Kept(), None)

    assert len(page.outlinks) == 3
    assert [error.message for error in page.errors] == ["more than 3 links; the first of them are kept"]
