"""The first tables.

They are made from the schema as it stood then; a later change of the schema is a migration of its own.
"""

from alembic import op

from pourparler.archive import schema, search

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make all tables and the search indexes."""
    connection = op.get_bind()
    schema.metadata.create_all(connection)
    search.create(connection)
    connection.execute(schema.serial.insert().values(n=0))
