"""Alembic's entry: migrations run over the connection that pourparler.archive.migrate hands in."""

from alembic import context

from pourparler.archive.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
