"""A frontier as tests use it: pages pushed, leased, acknowledged, and left by workers that died."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select, update

from models.engine import writing
from models.items import Discovery
from models.tables import METADATA
from pipelines.frontier import Frontier, Lease

SITE, PAGE, LEASE = (METADATA.tables[name] for name in ("site", "page", "lease"))
SITE_A, SITE_B = "https://a.example", "https://b.example"


def other(engine: Engine, **options: Any) -> Frontier:
    return Frontier(engine, **({"holder": "other"} | options))


def push(frontier: Frontier, *urls: str, at_once: bool = False, **facts: Any) -> None:
    frontier.push([Discovery(url=url, **facts) for url in urls], at_once=at_once)


def urls(leases: list[Lease]) -> list[str]:
    return [lease.url for lease in leases]


def lease_all(frontier: Frontier, most: int = 100) -> list[Lease]:
    """Every site that may be leased, and its pages."""
    return [
        lease for site in frontier.lease_sites(most, sites=None) for lease in frontier.lease_pages(site.site_id, most)
    ]


def page_row(engine: Engine, url: str) -> Any:
    with engine.connect() as connection:
        return connection.execute(select(PAGE).where(PAGE.c.url == url)).mappings().one()


def set_pages(engine: Engine, **columns: Any) -> None:
    with writing(engine) as connection:
        connection.execute(update(PAGE).values(columns))


def run_out(engine: Engine, holder: str | None = None) -> None:
    """As if who holds leases had been silent for long: this one, or all."""
    past = datetime.now(UTC) - timedelta(minutes=5)
    with writing(engine) as connection:
        for table in (SITE, LEASE):
            held = table.c.lease_holder.is_not(None) if holder is None else table.c.lease_holder == holder
            connection.execute(update(table).where(held).values(leased_until=past))


def acknowledge(engine: Engine, leases: list[Lease]) -> None:
    """As the store does."""
    ids = [lease.page_id for lease in leases]
    with writing(engine) as connection:
        connection.execute(update(PAGE).where(PAGE.c.id.in_(ids)).values(due_at=None, asked_at=datetime.now(UTC)))
        connection.execute(LEASE.delete().where(LEASE.c.page_id.in_(ids)))
