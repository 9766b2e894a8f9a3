"""That something was forgotten, and what may not come in again."""

from alembic import op
from sqlalchemy import inspect

from pourparler.archive.migrations import tables

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make two tables; archives of version 0001 that were made while these two were new have them already."""
    if not inspect(op.get_bind()).has_table("barred"):
        tables.make(op.get_bind(), revision)
