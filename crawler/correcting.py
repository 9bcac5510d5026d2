"""Labels that are set right in the browser: read, tried and saved. Called by commands alone."""

import tempfile
from dataclasses import replace
from pathlib import Path

from crawler.document import Document
from crawler.errors import TriptychError
from crawler.extractors import extract_page
from crawler.markup.selectors import selectors_of
from crawler.markup.text import collapse
from crawler.page_limits import USUAL, PageLimits
from crawler.pagejson import json_line, page_to_json
from crawler.saved_cases import case_folder, save_case, what_the_page_says
from crawler.saved_pages import SavedPage
from crawler.site import LabelHint, Panel
from crawler.sites import save_label, site_of
from models.corrections import Box, CannotCorrect, Correction, KeptPage
from models.items import BlockType, LinkListKind, Page, TagListKind

_MOST_BOXES = 7
_EXCERPT = 160
_KINDS = {Panel.BODY: BlockType, Panel.LINKS: LinkListKind, Panel.TAGS: TagListKind}


class SiteCorrector:
    """Of the sites of this project: hints go beside their files, test cases below tests/pages."""

    def __init__(self, limits: PageLimits = USUAL) -> None:
        self._limits = limits

    def boxes(self, archived: KeptPage, number: int) -> tuple[Box, ...]:
        root = _document(archived).root
        element = next((each for place, each in enumerate(root.iter()) if place == number), None)
        if element is None:
            return ()
        around = [each for each in element.iterancestors() if each.tag not in ("html", "body")]
        return tuple(
            Box(
                css=selector.css,
                matches=selector.matches,
                is_by_place=selector.is_by_place,
                tag=str(each.tag),
                text=collapse(" ".join(map(str, each.itertext())))[:_EXCERPT],
                links=sum(1 for _ in each.iter("a")),
            )
            for each in [element, *around][:_MOST_BOXES]
            for selector in selectors_of(each)
        )

    def read(self, archived: KeptPage, correction: Correction | None) -> Page:
        site = site_of(archived.url)
        if correction is not None:
            site = replace(site, labels=(*site.labels, _hint(archived, correction)))
        try:
            return extract_page(
                archived.body,
                url=archived.url,
                content_type=archived.content_type,
                site=site,
                now=archived.fetched_at,
                limits=self._limits,
            )
        except TriptychError as error:
            raise CannotCorrect(str(error)) from error

    def save_hint(self, archived: KeptPage, correction: Correction) -> str:
        self.read(archived, correction)  # what no selector is, is not saved
        try:
            path = save_label(archived.url, _hint(archived, correction))
        except (TriptychError, OSError) as error:
            raise CannotCorrect(f"nothing was saved: {error}") from error
        return str(path)

    def save_case(self, archived: KeptPage, correction: Correction | None, *, name: str) -> str:
        page = self.read(archived, correction)
        site = site_of(archived.url).name
        with tempfile.TemporaryDirectory(prefix="triptych-") as scratch:
            path = Path(scratch) / "page.html"
            path.write_bytes(archived.body)
            saved = SavedPage(
                id=name,
                path=path,
                url=archived.url,
                status=archived.status,
                content_type=archived.content_type,
                fetched_at=archived.fetched_at,
            )
            try:
                folder = case_folder(site, name)
                if folder.exists():
                    raise CannotCorrect(f"{folder} is there already; name another case")
                save_case(saved, what_the_page_says(json_line(page_to_json(page, f"{site}/{name}"))), folder)
            except (TriptychError, OSError) as error:
                raise CannotCorrect(f"nothing was saved: {error}") from error
        return str(folder)


def _document(archived: KeptPage) -> Document:
    try:
        return Document.parse(
            archived.body,
            url=archived.url,
            content_type=archived.content_type,
            encoding=site_of(archived.url).encoding,
        )
    except TriptychError as error:
        raise CannotCorrect(str(error)) from error


def _hint(archived: KeptPage, correction: Correction) -> LabelHint:
    """Raises CannotCorrect for a panel or kind that is none."""
    try:
        panel = Panel(correction.panel)
        kind = _KINDS[panel](correction.kind).value if correction.kind else None
    except (ValueError, KeyError):
        raise CannotCorrect(f"no such label: {correction.panel} {correction.kind}") from None
    return LabelHint(css=correction.css, panel=panel, kind=kind, url=archived.url if correction.is_for_one else None)
