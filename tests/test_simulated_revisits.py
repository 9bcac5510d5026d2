"""A simulated month of five sites; years of twenty are run by tests/benchmarks/simulated_revisits."""

import statistics
from functools import cache

from pipelines.revisits import Policy
from tests.benchmarks.simulated_revisits import compare
from tests.benchmarks.simulated_sites import simulated_sites
from tests.benchmarks.simulated_year import Sums

MONTH = 720.0


@cache
def month() -> dict[str, Sums]:
    sites = simulated_sites(21, sites=5, articles=120, hours=MONTH)
    return compare(sites, Policy(), hours=MONTH)


def test_for_the_same_requests_many_more_edits_are_seen_within_the_hour() -> None:
    ours, one, two = month()["Triptych"], month()["one interval"], month()["two intervals"]

    assert len(ours.edits) > 300
    assert max(one.requests, two.requests) < 1.05 * ours.requests
    assert ours.within_hour > 4 * one.within_hour
    assert ours.within_hour > 2 * two.within_hour
    assert ours.within_hour > 2 * month()["halving"].within_hour


def test_for_the_same_requests_edits_are_seen_sooner() -> None:
    mean = {name: statistics.fmean(sums.edits) for name, sums in month().items()}

    assert mean["Triptych"] < 0.4 * min(mean["one interval"], mean["two intervals"])
    assert mean["Triptych"] < 0.8 * mean["halving"]


def test_every_new_article_is_found_by_the_next_visit_to_the_home_page() -> None:
    ours = month()["Triptych"]

    assert len(ours.news) > 300
    assert ours.late_news == 0
    assert statistics.median(ours.news) < 1


def test_a_site_is_not_asked_for_more_than_its_budget() -> None:
    sites = simulated_sites(21, sites=1, articles=500, hours=MONTH)
    budget = 100.0

    sums = compare(sites, Policy(budget_per_day=budget), hours=MONTH)["Triptych"]

    first_visits = len(sites[0].articles) + len(sites[0].lists)
    assert sums.requests - first_visits < 1.1 * budget * MONTH / 24
