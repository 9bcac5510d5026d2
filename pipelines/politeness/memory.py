"""What politeness remembers in the database: robots.txt of each origin, and sites that have closed."""

import logging
from datetime import timedelta

from sqlalchemy import Engine, insert, or_, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from models.engine import reading, writing
from models.errors import StorageError
from models.tables import METADATA
from pipelines.politeness.robots_copy import RobotsCopy
from pipelines.store.clock import database_now

ROBOTS, SITE = METADATA.tables["robots"], METADATA.tables["site"]
_COLUMNS = (ROBOTS.c.origin, ROBOTS.c.text, ROBOTS.c.status, ROBOTS.c.fetched_at, ROBOTS.c.expires_at)

logger = logging.getLogger(__name__)


class Memory:
    """Synchronous; a database that is away costs another request for robots.txt and nothing else."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def robots(self, origin: str) -> RobotsCopy | None:
        try:
            with reading(self._engine) as connection:
                row = connection.execute(select(*_COLUMNS).where(ROBOTS.c.origin == origin)).mappings().one_or_none()
        except (SQLAlchemyError, StorageError) as error:
            logger.info("the robots.txt of %s cannot be looked up: %s", origin, error)
            return None
        return RobotsCopy(**row) if row else None

    def keep_robots(self, copy: RobotsCopy) -> None:
        values = {column.name: getattr(copy, column.name) for column in _COLUMNS}
        change = update(ROBOTS).where(ROBOTS.c.origin == copy.origin).values(values)
        try:
            with writing(self._engine) as connection:
                if not connection.execute(change).rowcount:
                    connection.execute(insert(ROBOTS).values(values))
        except IntegrityError:  # another process has come first, with an answer as good
            logger.debug("the robots.txt of %s was kept by another process", copy.origin)
        except SQLAlchemyError as error:
            logger.info("the robots.txt of %s cannot be kept: %s", copy.origin, error)

    def keep_closed(self, site: str, seconds: float) -> None:
        """Nobody asks the site in the next `seconds`, in this run or another; by the clock that leases go by."""
        try:
            with writing(self._engine) as connection:
                until = database_now(connection) + timedelta(seconds=seconds)
                is_later = or_(SITE.c.not_before.is_(None), SITE.c.not_before < until)
                connection.execute(update(SITE).where(SITE.c.domain == site, is_later).values(not_before=until))
        except SQLAlchemyError as error:
            logger.info("that %s is closed for %.0f s cannot be kept: %s", site, seconds, error)
