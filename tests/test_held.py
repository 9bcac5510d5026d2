"""The sites that a worker holds: whose page comes next, and when it takes one more."""

from collections.abc import Callable

import pytest

from pipelines.frontier.held import Held, HeldSite
from pipelines.frontier.records import Lease, SiteLease


def held_of(*domains: str, pages: int = 4, requests: int = 8, room: Callable[[str], int] = lambda _: 4) -> Held:
    """Site n has the pages 100 n, 100 n + 1, …; three requests at a site at once, and one at its door."""
    held = Held(requests=requests, per_site=3, room=room)
    for number, domain in enumerate(domains, 1):
        lease = SiteLease(site_id=number, domain=domain, not_before=None, delay_seconds=None)
        held.hold(lease, now=0.0)
        site_of(held, number).waiting.extend(map(lease_of, range(100 * number, 100 * number + pages)))
    return held


def lease_of(page_id: int) -> Lease:
    columns = {"kind": None, "etag": None, "last_modified": None, "asked_at": None, "read_at": None, "attempts": 0}
    return Lease(page_id=page_id, site_id=page_id // 100, url="https://e.com/", priority=2, depth=0, **columns)  # type: ignore[arg-type]  # of several types


def site_of(held: Held, number: int) -> HeldSite:
    return next(site for site in held if site.lease.site_id == number)


def handed_out(held: Held) -> list[int]:
    """Until there is no more."""
    pages = []
    while lease := held.next():
        pages.append(lease.page_id)
    return pages


def test_sites_are_asked_in_turn() -> None:
    held = held_of("a.example", "b.example", pages=2)

    assert handed_out(held) == [100, 200, 101, 201]


def test_no_site_has_more_requests_under_way_than_it_may() -> None:
    held = held_of("a.example", pages=9)

    first = handed_out(held)
    held.ended(first[0])

    assert first == [100, 101, 102, 103]
    assert handed_out(held) == [104]


def test_a_site_that_is_to_be_left_alone_keeps_no_other_waiting() -> None:
    held = held_of("closed.example", "open.example", room=lambda domain: 0 if domain == "closed.example" else 4)

    assert handed_out(held) == [200, 201, 202, 203]
    assert not held.is_starved


@pytest.mark.parametrize(
    ("running", "is_empty", "is_starved"),
    [
        pytest.param(2, True, True, id="nothing-more-to-lease"),
        pytest.param(2, False, False, id="more-may-be-leased"),
        pytest.param(4, True, False, id="as-many-under-way-as-may-be"),
    ],
)
def test_what_was_found_is_waited_for_only_where_it_could_be_asked_for_at_once(
    running: int, *, is_empty: bool, is_starved: bool
) -> None:
    held = held_of("a.example", pages=running, room=lambda _: 9)
    handed_out(held)

    site_of(held, 1).is_empty = is_empty

    assert held.is_starved is is_starved


def test_a_worker_that_holds_no_site_waits_for_what_was_found() -> None:
    assert held_of().is_starved


def test_more_pages_are_leased_of_a_site_that_may_have_more_requests_under_way() -> None:
    few, many = (Held(requests=32, per_site=most, room=lambda _: 32) for most in (1, 16))
    lease = SiteLease(site_id=1, domain="a.example", not_before=None, delay_seconds=None)

    few.hold(lease, now=0.0)
    many.hold(lease, now=0.0)

    assert site_of(few, 1).most == 16
    assert site_of(many, 1).most == 64


def test_one_more_site_is_wanted_while_requests_could_be_under_way() -> None:
    few = held_of("a.example", pages=16)
    enough = held_of("a.example", "b.example", pages=16)

    assert few.has_room
    assert not enough.has_room


def test_sites_that_wait_for_their_delays_do_not_add_up_for_ever() -> None:
    held = held_of(*(f"{number}.example" for number in range(32)), pages=1, room=lambda _: 0)

    assert not held.has_room


def test_what_has_not_ended_is_to_be_given_back() -> None:
    held = held_of("a.example", pages=3)
    held.next()
    held.next()
    held.ended(100)

    assert sorted(held.page_ids()) == [101, 102]


def test_a_page_that_ends_after_its_site_was_lost_is_nobodys() -> None:
    held = held_of("a.example", pages=2)
    held.next()
    held.let_go(1)

    held.ended(100)

    assert held.page_ids() == []
    assert held.next() is None


def test_a_site_is_hungry_before_it_has_nothing_left_but_not_where_nothing_was() -> None:
    site = site_of(held_of("a.example", pages=7), 1)
    fed = site_of(held_of("a.example", pages=8), 1)

    assert site.is_hungry
    assert not fed.is_hungry
    site.is_empty = True
    assert not site.is_hungry
