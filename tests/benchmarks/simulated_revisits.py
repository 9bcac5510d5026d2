"""The revisits of `pipelines.revisits` beside simpler ones, for the same number of requests, over simulated years.

    python -m tests.benchmarks.simulated_revisits
    python -m tests.benchmarks.simulated_revisits --seeds 11 12 13 --budget 100

20 sites of 500 articles each (`simulated_sites`). Beside the policy, whose constants were chosen on seed 1:

    one interval     for all pages
    two intervals    one for lists, one for articles, each with as many requests as the policy spends on these
    halving          half the interval where a page has changed, twice where it has not, as crawlers commonly have it

Each row is the mean over the seeds, with the least and the most.
"""

import argparse
import statistics
import sys
from collections.abc import Callable, Sequence

from pipelines.revisits import Policy
from tests.benchmarks.simulated_sites import SimulatedSite, simulated_sites
from tests.benchmarks.simulated_year import YEAR, FixedPlans, HalvingPlans, OurPlans, Sums, run_year

_TRIED = 120.0  # hours: the interval that is tried first
_MEASURES: dict[str, Callable[[Sums], float]] = {
    "requests": lambda sums: float(sums.requests),
    "edits seen within 1 h, %": lambda sums: 100 * sums.within_hour,
    "hours to see one, mean": lambda sums: statistics.fmean(sums.edits),
    "median": lambda sums: statistics.median(sums.edits),
    "hours to find a new one, median": lambda sums: statistics.median(sums.news),
    "95 %": lambda sums: statistics.quantiles(sums.news, n=20)[-1],
    "the last": lambda sums: max(sums.news),
    "missed by the home page": lambda sums: float(sums.late_news),
}


def two_intervals(sites: Sequence[SimulatedSite], like: Sums, *, hours: float) -> Sums:
    """As many requests for lists, and as many for articles, as the other way to plan had."""
    plans = FixedPlans(interval=_TRIED, lists=_TRIED)
    first = run_year(sites, lambda: plans, hours=hours)
    plans = FixedPlans(
        interval=_TRIED * first.article_requests / like.article_requests,
        lists=_TRIED * first.list_requests / like.list_requests,
    )
    return run_year(sites, lambda: plans, hours=hours)


def one_interval(sites: Sequence[SimulatedSite], like: Sums, *, hours: float) -> Sums:
    first = run_year(sites, lambda: FixedPlans(_TRIED), hours=hours)
    interval = _TRIED * first.requests / like.requests
    return run_year(sites, lambda: FixedPlans(interval), hours=hours)


def halving(sites: Sequence[SimulatedSite], like: Sums, *, hours: float) -> Sums:
    """The longest interval is what decides how much is asked for: the one that comes nearest."""
    shortest, longest = 1.0, hours
    for _ in range(7):
        most = (shortest * longest) ** 0.5
        sums = run_year(sites, lambda most=most: HalvingPlans(most), hours=hours)  # type: ignore[misc]  # mypy has no defaults of lambdas
        if sums.requests > like.requests:
            shortest = most
        else:
            longest = most
    return sums


def compare(sites: Sequence[SimulatedSite], policy: Policy, *, hours: float = YEAR) -> dict[str, Sums]:
    """The sums of the same time with each way to plan."""
    ours = run_year(sites, lambda: OurPlans(policy), hours=hours)
    return {
        "Triptych": ours,
        "one interval": one_interval(sites, ours, hours=hours),
        "two intervals": two_intervals(sites, ours, hours=hours),
        "halving": halving(sites, ours, hours=hours),
    }


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[11, 12, 13])
    parser.add_argument("--sites", type=int, default=20)
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--budget", type=float, help="requests a day and site; as by default otherwise")
    options = parser.parse_args(arguments)
    policy = Policy() if options.budget is None else Policy(budget_per_day=options.budget)
    years = []
    for seed in options.seeds:
        sites = simulated_sites(seed, sites=options.sites, articles=options.articles, hours=YEAR)
        years.append(compare(sites, policy))
        print(f"seed {seed}: {sum(len(site.articles) for site in sites)} articles", file=sys.stderr)
    for name in years[0]:
        print(f"\n{name}")
        for measure, value in _MEASURES.items():
            values = [value(year[name]) for year in years]
            print(f"  {measure:32} {statistics.fmean(values):12.2f}   ({min(values):.2f} to {max(values):.2f})")
    times = [year["Triptych"].within_hour / max(year["one interval"].within_hour, 1e-9) for year in years]
    print(f"\nedits seen within the hour: {statistics.fmean(times):.1f} times as many as with one interval")


if __name__ == "__main__":
    main(sys.argv[1:])
