"""That something was forgotten, and what may not come in again."""

from alembic import op

from pourparler.archive import schema

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make two tables; an archive made now has them from the first version on."""
    connection = op.get_bind()
    for table in (schema.forgotten, schema.barred):
        table.create(connection, checkfirst=True)
