"""The archive's tables by version, through Alembic."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, inspect, text

from pourparler.archive.engine import shown
from pourparler.errors import ArchiveError

NEWEST = "0003"


def version(engine: Engine) -> str | None:
    """Return the version of an archive's tables, or None where there are none."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return str(found) if found else None


def upgrade(engine: Engine, where: str) -> None:
    """Bring the tables to the newest version, in one transaction."""
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise ArchiveError(
                f"{shown(where)}: its tables are of a version that this Pourparler does not know ({error}). "
                "Install the version that made it, or a newer one"
            ) from error
