"""Hosts that hang: how often each has answered, and how often it has not in all the time there was."""

from collections import OrderedDict
from dataclasses import dataclass

_KEPT_HOSTS = 1000
_INNOCENT = 4  # timeouts that any host may have
_SHARE = 0.2  # of all requests: more are no accident


@dataclass(slots=True)
class _Host:
    answers: int = 0
    timeouts: int = 0


class Hangs:
    """Whether a page that has hung is worth a second try at once.

    Each costs all the time that a request may take, and one of the few connections to its site: where a part of a site
    hangs as a whole, the pages behind it would wait for twice as long.
    """

    def __init__(self) -> None:
        self._hosts: OrderedDict[str, _Host] = OrderedDict()

    def answered(self, host: str) -> None:
        self._of(host).answers += 1

    def timed_out(self, host: str) -> bool:
        """Whether that was an accident, as far as is known of the host."""
        known = self._of(host)
        known.timeouts += 1
        return known.timeouts <= max(_INNOCENT, _SHARE * (known.answers + known.timeouts))

    def _of(self, host: str) -> _Host:
        known = self._hosts.setdefault(host, _Host())
        self._hosts.move_to_end(host)
        if len(self._hosts) > _KEPT_HOSTS:
            self._hosts.popitem(last=False)
        return known
