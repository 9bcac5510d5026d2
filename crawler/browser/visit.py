"""One page in the browser: the served markup handed to it, its requests answered, the moment when its text is there."""

import asyncio
from collections.abc import Collection
from contextlib import suppress
from time import monotonic
from typing import Any

from playwright.async_api import Error as PlaywrightError
from scrapy.http import HtmlResponse, Request

from crawler.browser.requests import PageRequests, RequestRefused

_LOOK_SECONDS = 0.25
_QUIET_LOOKS = 3  # the text has not changed and nothing was asked for meanwhile
_TEXT = "document.body ? document.body.innerText.length : 0"


class Visit:
    def __init__(self, served: HtmlResponse, requests: PageRequests, *, hosts: Collection[str], seconds: float) -> None:
        """`seconds` is for how long a page that is never quiet is waited for; what it has by then is taken."""
        self._served = served
        self._requests = requests
        self._hosts = hosts
        self._seconds = seconds
        self._page: Any = None
        self._is_served = False
        self._under_way = 0
        self.refused = 0
        """Requests that its text does not need, or may not come from."""
        self.failed = 0
        """Requests that were made, and brought nothing."""

    async def begin(self, page: Any, request: Request) -> None:  # noqa: ARG002  # the callback's arguments
        """Before anything is asked for. The route that was added last comes first: no other is asked."""
        self._page = page
        await page.route("**/*", self._route)

    async def settled(self, page: Any) -> None:
        ends_at = monotonic() + self._seconds
        length, looks = -1, 0
        while looks < _QUIET_LOOKS and monotonic() < ends_at:
            await asyncio.sleep(_LOOK_SECONDS)
            found = await page.evaluate(_TEXT)
            looks = looks + 1 if found == length and not self._under_way else 0
            length = found

    async def close(self) -> None:
        """The page and whatever it has left in its context. Never raises."""
        if self._page is not None:
            with suppress(PlaywrightError):
                await self._page.context.close()

    async def _route(self, route: Any) -> None:
        self._under_way += 1
        try:
            await self._answer(route)
        except PlaywrightError:
            pass  # the page was closed meanwhile
        except RequestRefused:
            self.refused += 1
            await _abort(route)
        except Exception:  # noqa: BLE001  # the seam: a request that fails costs the page only what it was for
            self.failed += 1
            await _abort(route)
        finally:
            self._under_way -= 1

    async def _answer(self, route: Any) -> None:
        asked = route.request
        if asked.is_navigation_request():
            await self._serve(route)
            return
        answer = await self._requests.answer(asked, page_url=self._served.url, hosts=self._hosts)
        self.failed += answer.status == 429 or answer.status >= 500
        await route.fulfill(status=answer.status, headers=answer.headers, body=answer.body)

    async def _serve(self, route: Any) -> None:
        """The page as it was fetched, once; to a frame, and to a script that leads elsewhere, nothing."""
        if self._is_served:
            self.refused += 1
            await route.fulfill(status=204)  # of all refusals the one that leaves the page as it is
            return
        self._is_served = True
        body = self._served.text.encode("utf-8", "replace")
        await route.fulfill(status=200, headers={"Content-Type": "text/html; charset=utf-8"}, body=body)


async def _abort(route: Any) -> None:
    with suppress(PlaywrightError):
        await route.abort("blockedbyclient")
