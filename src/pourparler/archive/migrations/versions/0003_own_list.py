"""The lists of own actors by which runs read."""

from alembic import op

from pourparler.archive.migrations import tables

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make one table; of lists that were used before only the hash is known."""
    tables.make(op.get_bind(), revision)
