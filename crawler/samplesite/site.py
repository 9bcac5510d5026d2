"""The sample site as a whole: every path with the bytes and headers served, and the truth about its articles."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import format_datetime
from functools import cached_property

from crawler.samplesite.discovery import render_atom, render_robots, render_rss, render_sitemaps
from crawler.samplesite.layouts import modern, plain, portal, redesigned
from crawler.samplesite.listings import (
    HIDDEN_PATH,
    render_about,
    render_draft,
    render_home,
    render_listings,
    render_tag_pages,
    render_topics,
)
from crawler.samplesite.plan import Plan, Shelf, plan_modern, plan_plain, plan_portal
from crawler.samplesite.texts import Edition, read_editions, read_promotions, read_stories, read_template
from models.items import Page

_RENDER_ARTICLE = {"modern": modern.render_article, "portal": portal.render_article, "plain": plain.render_article}
_STYLES = ("modern", "portal")


@dataclass(frozen=True, slots=True)
class Resource:
    """What is served under one path."""

    body: bytes
    headers: Mapping[str, str]
    status: int = 200


@dataclass(frozen=True)
class SampleSite:
    """All of it follows from the base URL (scheme, host, port; no slash at the end): equal URLs give equal bytes."""

    base_url: str = "http://sample.example"
    editions: tuple[Edition, ...] = field(default_factory=read_editions)

    def pages(self) -> Mapping[str, Resource]:
        """Path, with the query where one belongs to it, to what is served there."""
        return self._pages

    def redesigned_pages(self) -> Mapping[str, Resource]:
        """The same paths after a redesign: articles in another layout, with little more than their text."""
        plans = (plan for plans in self._plans.values() for plan in plans)
        return {
            **self._pages,
            **{plan.path: _html(redesigned.render_article(plan), plan.edition) for plan in plans},
        }

    def truth(self) -> Mapping[str, Page]:
        """URL of each article page, as it names itself, to what an extractor has to find on it.

        None in a field means the page does not promise it, but for the headline and the articles' bylines.
        """
        return {plan.page.url or "": plan.page for plans in self._plans.values() for plan in plans}

    def aliases(self) -> Mapping[str, str]:
        """Other URLs under which an article is served, print pages and a redirect, to its own URL."""
        printed = {
            self.base_url + path: plan.page.url or ""
            for plans in self._plans.values()
            for plan in plans
            if (path := plan.edition.print_path_of(plan.stories[0]))
        }
        return {**printed, f"{self.base_url}/go/1": self._plans["modern-en"][0].page.url or ""}

    @cached_property
    def _plans(self) -> dict[str, tuple[Plan, ...]]:
        shelves = {e.name: Shelf(self.base_url, e, read_stories(e)) for e in self.editions}
        modern_plans = {n: tuple(plan_modern(s)) for n, s in shelves.items() if s.edition.layout == "modern"}
        plain_plans = {n: tuple(plan_plain(s)) for n, s in shelves.items() if s.edition.layout == "plain"}
        elsewhere = [
            (plan.stories[0].headline, plan.page.url or "")
            for plans in (modern_plans["modern-zh"], plain_plans["plain-zh"])
            for plan in plans
        ]
        portal_plans = tuple(plan_portal(shelves["portal-zh"], read_promotions(), elsewhere))
        return {**modern_plans, "portal-zh": portal_plans, **plain_plans}

    @cached_property
    def _pages(self) -> dict[str, Resource]:
        pages = dict(self._article_pages())
        for plans in self._plans.values():
            for path, html in (*render_listings(plans), *render_tag_pages(plans)):
                pages[path] = _html(html, plans[0].edition)
        portal_plans = self._plans["portal-zh"]
        for path, html in render_topics(portal_plans, read_promotions()):
            pages[path] = _html(html, portal_plans[0].edition)
        return {**pages, **self._front_pages(), **self._machine_files()}

    def _article_pages(self) -> Iterator[tuple[str, Resource]]:
        for plan in (plan for plans in self._plans.values() for plan in plans):
            html = _RENDER_ARTICLE[plan.edition.layout](plan)
            yield plan.path, _with_validators(_html(html, plan.edition), plan)
            if path := plan.edition.print_path_of(plan.stories[0]):
                yield path, _html(plain.render_print(plan), plan.edition)

    def _front_pages(self) -> dict[str, Resource]:
        first = self.editions[0]
        return {
            "/": _html(render_home(self.editions, self._plans), first),
            "/about.html": _html(render_about(first), first),
            HIDDEN_PATH: _html(render_draft(first), first),
            "/go/1": Resource(b"", {"Location": self._plans[first.name][0].path}, status=301),
        }

    def _machine_files(self) -> dict[str, Resource]:
        files = {
            "/robots.txt": Resource(render_robots(self.base_url).encode(), {"Content-Type": "text/plain"}),
            "/news/feed.xml": _feed(render_rss(self.base_url, self._plans["modern-en"]), "rss"),
            "/zh/news/feed.xml": _feed(render_atom(self.base_url, self._plans["modern-zh"]), "atom"),
        }
        for path, body in render_sitemaps(self.base_url, self._plans).items():
            kind = "application/gzip" if path.endswith(".gz") else "application/xml"
            files[path] = Resource(body, {"Content-Type": kind})
        for name in _STYLES:
            files[f"/styles/{name}.css"] = Resource(read_template(f"{name}.css").encode(), {"Content-Type": "text/css"})
        for name in _image_names(self._plans["modern-en"], self._plans["modern-zh"]):
            files[f"/images/{name}"] = Resource(_picture(name), {"Content-Type": "image/svg+xml"})
        return files


def _html(text: str, edition: Edition) -> Resource:
    kind = f"text/html; charset={edition.charset}" if edition.charset_declared else "text/html"
    return Resource(text.encode(edition.charset), {"Content-Type": kind})


def _with_validators(resource: Resource, plan: Plan) -> Resource:
    """The modern layout answers by ETag, the plain one by date, the portal knows neither."""
    story = plan.stories[0]
    match plan.edition.layout:
        case "modern":
            extra = {"ETag": f'"{hashlib.sha256(resource.body).hexdigest()[:16]}"'}
        case "plain":
            moment = (story.modified or story.published).astimezone(UTC)
            extra = {"Last-Modified": format_datetime(moment, usegmt=True)}
        case _:
            extra = {}
    return Resource(resource.body, {**resource.headers, **extra})


def _feed(text: str, kind: str) -> Resource:
    return Resource(text.encode(), {"Content-Type": f"application/{kind}+xml; charset=utf-8"})


def _image_names(*editions: Sequence[Plan]) -> set[str]:
    plans = [plan for plans in editions for plan in plans]
    shown = {block.url.rpartition("/")[2] for plan in plans for block in plan.page.articles[0].blocks if block.url}
    return shown | {f"{plan.stories[0].slug}.svg" for plan in plans}


def _picture(name: str) -> bytes:
    """A quay, a sky and a box; the colours follow from the name."""
    hue = sum(name.encode()) * 7 % 360
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 360">'
        f'<rect width="640" height="360" fill="hsl({hue},45%,82%)"/>'
        f'<rect y="250" width="640" height="110" fill="hsl({hue},30%,45%)"/>'
        f'<rect x="{120 + hue % 300}" y="150" width="150" height="100" fill="hsl({(hue + 160) % 360},50%,55%)"/></svg>'
    ).encode()
