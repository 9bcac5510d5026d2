"""Runs the history on the connection that `models.upgrades` hands over, in the caller's transaction."""

from alembic import context
from sqlalchemy import Connection

from models.upgrades import migration_options

connection: Connection = context.config.attributes["connection"]
told = context.config.attributes.get("on_version_apply")  # only an upgrade tells of its steps
context.configure(connection=connection, on_version_apply=told, **migration_options(connection))
with context.begin_transaction():
    context.run_migrations()
