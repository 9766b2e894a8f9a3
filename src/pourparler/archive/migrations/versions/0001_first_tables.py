"""The first tables."""

from alembic import op

from pourparler.archive.migrations import tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make all tables and the search indexes."""
    tables.make(op.get_bind(), revision)
