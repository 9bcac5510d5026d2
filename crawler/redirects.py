"""Where pages redirect to, over as many requests as there are pages on the way; and the cookies that are set there."""

from collections import OrderedDict

from scrapy.http import Request, Response
from scrapy.http.cookies import CookieJar
from scrapy.utils.httpobj import urlparse_cached

_REMEMBERED = 20_000  # redirects, of about 300 bytes
_COOKIES = "triptych_cookies"  # meta key: the jar of a request that is on its way through redirects
_MOST_COOKIES = 8192  # bytes of them that are sent; servers take no more in a header


class RedirectChains:
    """The redirects of this run, from page to page. Each page is asked for by itself, so none knows its chain."""

    def __init__(self) -> None:
        self._targets: OrderedDict[str, str] = OrderedDict()
        self._steps: OrderedDict[str, int] = OrderedDict()

    def steps_to(self, url: str) -> int:
        """Redirects that have led there, one after the other."""
        return self._steps.get(url, 0)

    def returns(self, url: str, target: str) -> bool:
        """The redirect from the one to the other closes a circle."""
        seen = {url}
        while target not in seen:
            seen.add(target)
            if target not in self._targets:
                return False
            target = self._targets[target]
        return target == url

    def lead(self, url: str, target: str) -> None:
        self._targets[url] = target
        self._steps[target] = self.steps_to(url) + 1
        for known in (self._targets, self._steps):
            if len(known) > _REMEMBERED:
                known.popitem(last=False)

    def end(self, url: str) -> None:
        """It answers by itself, or leads nowhere: what comes after it is no part of the chain."""
        self._targets.pop(url, None)
        self._steps.pop(url, None)


def carry_cookies(request: Request, response: Response, following: Request) -> None:
    """What the site sets on the way goes back to it with the next step, and no farther: some ask for nothing else.

    They end with the request, and are for its own origin.
    """
    following.headers.pop("Cookie", None)
    jar: CookieJar | None = following.meta.pop(_COOKIES, None)
    if _origin(request) != _origin(following):
        return
    if "Set-Cookie" in response.headers:
        jar = jar or CookieJar()
        jar.extract_cookies(response, request)
    if jar is None:
        return
    following.meta[_COOKIES] = jar
    jar.add_cookie_header(following)
    if len(following.headers.get("Cookie") or b"") > _MOST_COOKIES:
        del following.headers["Cookie"]


def _origin(request: Request) -> tuple[str, str]:
    parts = urlparse_cached(request)
    return parts.scheme, parts.netloc
