"""The SQL of each version's tables, one file a version and database. It never changes once a version is out."""

from pathlib import Path

from sqlalchemy import Connection


def make(connection: Connection, version: str) -> None:
    """Make the tables of a version (four digits), in the words of the connection's database."""
    words = Path(__file__).with_name(f"{version}.{connection.dialect.name}.sql").read_text(encoding="utf-8")
    for statement in words.split(";\n"):
        if statement.strip():
            connection.exec_driver_sql(statement.strip())
