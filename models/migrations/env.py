"""Runs the history on the connection that `models.engine` hands over, in the caller's transaction."""

from alembic import context
from sqlalchemy import Connection

from models.engine import migration_options

connection: Connection = context.config.attributes["connection"]
context.configure(connection=connection, **migration_options(connection))
with context.begin_transaction():
    context.run_migrations()
