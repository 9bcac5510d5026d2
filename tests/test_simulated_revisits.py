"""A simulated month of five sites; years of twenty are run by tests/benchmarks/simulated_revisits."""

import statistics
from dataclasses import replace
from functools import cache

import pytest

from models.items import PageKind
from pipelines.revisits import Policy
from tests.benchmarks.simulated_revisits import compare
from tests.benchmarks.simulated_sites import Lastmod, SimulatedList, simulated_sites
from tests.benchmarks.simulated_year import OurPlans, Sums, run_year

MONTH = 720.0


@cache
def month() -> dict[str, Sums]:
    sites = simulated_sites(21, sites=5, articles=120, hours=MONTH)
    return compare(sites, Policy(), hours=MONTH)


def test_for_the_same_requests_many_more_edits_are_seen_within_the_hour() -> None:
    ours, one, two = month()["Triptych"], month()["one interval"], month()["two intervals"]

    assert len(ours.edits) > 300
    assert min(one.requests, two.requests) > 0.98 * ours.requests
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


@cache
def month_with(lastmod: Lastmod) -> Sums:
    """Of a newsroom whose home page and sitemap are all that leads to its articles."""
    site = simulated_sites(22, sites=1, articles=200, hours=MONTH)[0]
    lists = (SimulatedList(PageKind.LISTING, 20), SimulatedList(PageKind.SITEMAP, 200, lastmod=lastmod))
    return run_year([replace(site, lists=lists)], lambda: OurPlans(Policy()), hours=MONTH)


def test_a_truthful_sitemap_shows_edits_sooner() -> None:
    assert statistics.fmean(month_with(Lastmod.HONEST).edits) < 0.6 * statistics.fmean(month_with(Lastmod.NONE).edits)


@pytest.mark.parametrize("lie", [Lastmod.NOW, Lastmod.NEVER])
def test_a_sitemap_that_lies_neither_hides_edits_nor_causes_endless_visits(lie: Lastmod) -> None:
    lied_to, silent = month_with(lie), month_with(Lastmod.NONE)

    assert lied_to.within_hour > 0.95 * silent.within_hour
    assert lied_to.article_requests < 1.6 * silent.article_requests
    assert lied_to.list_requests < 2 * silent.list_requests
