"""A site of any number of article pages of 80 KB, served by a process of its own.

    python -m tests.benchmarks.large_site --pages 5000 [--shape small]

Two thirds of a page are script and style, as on real ones; an article of 5 KB stands among menus, ten related articles,
a box of popular ones, comments and a footer. A small page has 8 KB and a few of each, so that a crawl of very many ends
sooner. Each page is the same whenever it is asked for, and none is kept.
"""

import argparse
import asyncio
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice

_SITEMAP_URLS = 10_000
_WORDS = (
    "harbour customs parcel freight container invoice tariff carrier exporter shipment warehouse buyer market price "
    "season quarter growth margin supplier contract policy port vessel crane dock storm week month report company "
    "office trade region border agency figure record demand supply order delivery route driver fleet union strike"
).split()
_VERBS = "raised lowered counted reported delayed moved signed opened closed doubled expected promised checked".split()
_STYLE = "".join(
    f".c{each}{{margin:{each % 9}px;padding:{each % 7}px;color:#{each * 7919 % 0xFFFFFF:06x};display:block}}"
    for each in range(230)
)
_SCRIPT = "".join(
    f'window.q=window.q||[];q.push({{"slot":"s{each}","size":[{each},{each * 2}],"key":"{each * 104729:x}"}});\n'
    for each in range(640)
)


@dataclass(frozen=True, slots=True)
class Shape:
    """What a page has."""

    page_bytes: int = 80_000
    paragraphs: int = 14
    items: int = 10
    """Of each list."""
    comments: int = 6
    menu: int = len(_WORDS)
    """Links above the article, and as many below it."""
    is_scripted: bool = True


SHAPES = {
    "usual": Shape(),
    "small": Shape(page_bytes=8_000, paragraphs=5, items=4, comments=1, menu=5, is_scripted=False),
}


def paths(count: int) -> Iterator[str]:
    return (article_path(number) for number in range(count))


def article_path(number: int) -> str:
    return f"/2026/{number % 12 + 1:02}/{number}.html"


def article_page(number: int, *, among: int, shape: Shape = SHAPES["usual"]) -> str:
    chance = random.Random(number)  # noqa: S311  # the same page each time
    head, tail = _frame(shape)
    paragraphs = "".join(f"<p>{' '.join(islice(_sentences(chance), 4))}</p>\n" for _ in range(shape.paragraphs))
    tags = "".join(f'<a rel="tag" href="/tag/{word}/">{word}</a> ' for word in chance.sample(_WORDS, 4))
    body = (
        f'<article class="story"><h1>{_headline(number)}</h1><div class="byline">By <a rel="author" '
        f'href="/staff/{number % 40}/">Ann Lee</a> <time datetime="2026-03-11T08:00:00Z">11 March 2026</time></div>'
        f'<div class="story-body">{paragraphs}</div><div class="tags">Tags: {tags}</div></article>'
        f'<section class="related"><h2>Related articles</h2><ul>{_items(chance, shape.items, among)}</ul></section>'
        f'<aside class="popular"><h3>Most read</h3><ol>{_items(chance, shape.items, among)}</ol></aside>'
        f'<section class="comments"><h3>Comments</h3>{_comments(chance, shape.comments)}</section>'
    )
    page = f"<!DOCTYPE html><html lang=en><head><title>{_headline(number)} | Quayside</title>{head}{body}{tail}"
    return f"{page}<!--{'=' * max(0, shape.page_bytes - len(page) - 24)}--></body></html>"


@cache
def _frame(shape: Shape) -> tuple[str, str]:
    """The same on all pages: before the article and after it."""
    words = _WORDS[: shape.menu]
    scripts = f"<style>{_STYLE}</style><script>{_SCRIPT}</script>" if shape.is_scripted else ""
    menu = "".join(
        f'<li class="m{n}"><a href="/section/{word}/">{word.title()}</a></li>' for n, word in enumerate(words)
    )
    head = (
        f'<meta charset="utf-8">{scripts}</head><body class="page">'
        f'<header class="top"><a href="/" class="logo">Quayside</a><nav><ul>{menu}</ul></nav></header><main>'
    )
    links = "".join(f'<li><a href="/about/{word}/">About {word}</a></li>' for word in words)
    return head, f'</main><footer class="foot"><ul>{links}</ul><p>All rights reserved.</p></footer>'


def _sentences(chance: random.Random) -> Iterator[str]:
    while True:
        one, two, three, four = chance.sample(_WORDS, 4)
        yield (
            f"The {one} office {chance.choice(_VERBS)} the {two} for the {three} on {chance.randint(2, 28)} March, and "
            f"{chance.randint(20, 900)} {four}s were waiting."
        )


def _headline(number: int) -> str:
    chance = random.Random(f"headline {number}")  # noqa: S311  # the same each time
    one, two, three = chance.sample(_WORDS, 3)
    return f"{one.title()} {chance.choice(_VERBS)} as {two} meets {three} for the {number}th time"


def _items(chance: random.Random, count: int, among: int) -> str:
    numbers = (chance.randrange(among) for _ in range(count))
    return "".join(f'<li class="card"><a href="{article_path(each)}">{_headline(each)}</a></li>' for each in numbers)


def _comments(chance: random.Random, count: int) -> str:
    texts = islice(_sentences(chance), count)
    return "".join(f'<div class="comment"><b>reader{n}</b><p>{text}</p></div>' for n, text in enumerate(texts))


class _Served(asyncio.Protocol):
    """HTTP/1.1 with keep-alive, as little of it as a crawl needs."""

    def __init__(self, pages: int, shape: Shape) -> None:
        self._pages, self._shape = pages, shape
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received:
            head, _, self._received = self._received.partition(b"\r\n\r\n")
            self._answer(head.decode("latin-1"))

    def _answer(self, head: str) -> None:
        path = head.split(" ", 2)[1]
        host = head.lower().partition("\r\nhost:")[2].partition("\r\n")[0].strip()
        kind, text = content_of(path, host=host, pages=self._pages, shape=self._shape)
        content = text.encode()
        status = "200 OK" if kind else "404 Not Found"
        length = f"Content-Type: {kind or 'text/plain'}; charset=utf-8\r\nContent-Length: {len(content)}"
        self._transport.write(f"HTTP/1.1 {status}\r\n{length}\r\n\r\n".encode() + content)


def content_of(path: str, *, host: str, pages: int, shape: Shape) -> tuple[str, str]:
    """Type and text; no type where there is nothing."""
    if path == "/robots.txt":
        maps = (f"Sitemap: http://{host}/sitemap-{start}.xml" for start in range(0, pages, _SITEMAP_URLS))
        return "text/plain", "\n".join(("User-agent: *", "Disallow: /section/", "Disallow: /about/", "Disallow: /tag/",
                                        "Disallow: /staff/", *maps))  # fmt: skip
    if path.startswith("/sitemap-"):
        start = int(path.removeprefix("/sitemap-").removesuffix(".xml"))
        urls = islice(paths(pages), start, start + _SITEMAP_URLS)
        entries = "".join(f"<url><loc>http://{host}{each}</loc></url>" for each in urls)
        return "application/xml", f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'
    number = path.rpartition("/")[2].removesuffix(".html")
    if number.isdigit() and int(number) < pages:
        return "text/html", article_page(int(number), among=pages, shape=shape)
    if path == "/":
        return "text/html", "<html><title>Quayside</title><body><h1>Quayside</h1><p>See the sitemap.</p></body></html>"
    return "", "none"


@contextmanager
def large_site(pages: int, shape: str = "usual") -> Iterator[str]:
    """Its URL, with a slash at the end."""
    command = [sys.executable, "-m", "tests.benchmarks.large_site", "--pages", str(pages), "--shape", shape]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


async def _serve(pages: int, shape: Shape) -> None:
    """At port 80 of a loopback address of its own, where that is allowed: URLs of real sites name no port."""
    number = os.getpid()
    serve = partial(asyncio.get_running_loop().create_server, partial(_Served, pages, shape))
    try:
        server = await serve(f"127.80.{number >> 8 & 255}.{number & 255}", 80)
    except OSError:
        server = await serve("127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    print(f"http://{host}/" if port == 80 else f"http://{host}:{port}/", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--pages", type=int, default=5000)
    arguments.add_argument("--shape", choices=SHAPES, default="usual")
    options = arguments.parse_args()
    asyncio.run(_serve(options.pages, SHAPES[options.shape]))
