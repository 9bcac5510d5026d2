"""What a robots.txt says to us (RFC 9309). Pure, and linear in the length of the file."""

import re
from collections.abc import Iterable, Iterator

from protego import Protego

MOST_BYTES = 500 * 1024
"""RFC 9309, 2.5: what is read at least; nothing after it is."""
_TOKEN = re.compile(r"[A-Za-z_-]+")
_AGENT = re.compile(r"user[- ]?agent\s*[:\s]\s*(.*)", re.IGNORECASE)
# These belong to the whole file and to no group, as Protego has it.
_SITE_WIDE = re.compile(r"(?:site-?maps?|host)\s*[:\s]", re.IGNORECASE)
_ALL = "*"


class RobotsRules:
    """The one group of a robots.txt that is meant for us."""

    def __init__(self, text: str, *, user_agent: str) -> None:
        """`user_agent` as in the header; its leading word, "Triptych" of "Triptych/0.1 (…)", is what groups name."""
        # Protego gives every rule to every agent of its group: 18,000 agents over 28,000 rules, which fit into 500
        # KiB, are 500 million rules. So it sees our group alone.
        own = "\n".join((f"User-agent: {_ALL}", *_lines_for(text, product_token(user_agent))))
        self.length = len(own)
        self.rp = Protego.parse(own)

    @classmethod
    def of_bytes(cls, content: bytes, *, user_agent: str) -> "RobotsRules":
        return cls(decode_robots(content), user_agent=user_agent)

    def allows(self, url: str) -> bool:
        """By path and query; the longest rule that fits wins, and Allow against an equal Disallow."""
        return self.rp.can_fetch(url, _ALL)

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """As written: they may be relative, or no URLs at all."""
        return tuple(self.rp.sitemaps)

    @property
    def delay_seconds(self) -> float:
        """The least time from one request to the next, by Crawl-delay or Request-rate; 0 if neither is there."""
        rate = self.rp.request_rate(_ALL)
        return max(self.rp.crawl_delay(_ALL) or 0.0, rate.seconds / rate.requests if rate else 0.0)


def product_token(user_agent: str) -> str:
    """In lower case; "*", which every group for all fits, for a header that begins with no word."""
    match = _TOKEN.match(user_agent.strip())
    return match[0].lower() if match else _ALL


def decode_robots(content: bytes) -> str:
    """The first MOST_BYTES as text for any database, without a line that is cut there: half a path is another rule."""
    if len(content) > MOST_BYTES:
        content = content[:MOST_BYTES].rpartition(b"\n")[0]
    return content.decode("utf-8-sig", errors="ignore").replace("\0", "")


def _lines_for(text: str, token: str) -> Iterable[str]:
    """The rules of all groups that name the token, or else of all groups for everyone; and what belongs to no group."""
    groups: dict[str, dict[str, None]] = {}
    site_wide: dict[str, None] = {}
    agents: set[str] = set()
    is_naming = False
    for line in _significant_lines(text):
        if _SITE_WIDE.match(line):
            site_wide[line] = None
        elif agent := _AGENT.match(line):
            agents = agents if is_naming else set()
            agents |= {_agent_token(agent[1])} & {token, _ALL}
            is_naming = True
            for each in agents:
                groups.setdefault(each, {})
        else:
            is_naming = False
            for each in agents:
                groups[each][line] = None
    return (*groups.get(token, groups.get(_ALL, {})), *site_wide)


def _agent_token(value: str) -> str:
    """Names stand with versions, as "Triptych/1.0", or with wildcards, as "Triptych*"."""
    return _ALL if value.startswith(_ALL) and not _TOKEN.search(value) else product_token(value.lstrip(_ALL))


def _significant_lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        rule = line.partition("#")[0].strip()
        if rule:
            yield rule
