"""The tables that all migrations together make are those of the schema; what is out does not change."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, inspect

from pourparler.archive import schema
from pourparler.archive.migrations import tables
from pourparler.archive.store import Archive

# Archives stand that these made: a change of the schema is a new version with files of its own.
OUT = {
    "0001.postgresql.sql": "40ea9ae720a82d10e9ac7b58e37b43831aa95af5c568e81738f98d78cbe6ffca",
    "0001.sqlite.sql": "bdff2993a7a696d4ac01ef826e40670ac5ac8d54e572e4a4466915af0f237f01",
    "0002.postgresql.sql": "3f98de5ef332a1ef0ae52bedbab44d097ada28c7a08e1bf845465b9cec23a3c9",
    "0002.sqlite.sql": "69340a4372bcf8f63c9f61e8dbaff60e87ea3ac504094effd252aacc2943fa11",
    "0003.postgresql.sql": "a1eefaa702ca841be500105afd242c0a174fe15b5c945d9c4e0fc9d46c09c17e",
    "0003.sqlite.sql": "826d8bb711957c76ce4f36aa70736bfa1dbaff019f34da4b39dcac93d25eb281",
}


def test_what_is_out_does_not_change() -> None:
    files = sorted(Path(tables.__file__).parent.glob("*.sql"))
    assert {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files} == OUT


def test_migrations_make_the_tables_of_the_schema(where: str) -> None:
    Archive.open(where, create=True).close()
    engine = create_engine(_address(where))
    migrated = _tables(engine)
    schema.metadata.drop_all(engine)
    schema.metadata.create_all(engine)
    assert _tables(engine) == migrated
    engine.dispose()


def _address(where: str) -> str:
    if where.startswith("postgresql:"):
        return where.replace("postgresql:", "postgresql+psycopg:")
    return f"sqlite:///{where}"


def _tables(engine: Engine) -> dict[str, dict[str, Any]]:
    """Return of each table of the schema what a database knows of it."""
    looked = inspect(engine)
    return {
        name: {
            "columns": [{**one, "type": repr(one["type"])} for one in looked.get_columns(name)],
            "key": looked.get_pk_constraint(name),
            "indexes": sorted(looked.get_indexes(name), key=lambda one: str(one["name"])),
            "unique": looked.get_unique_constraints(name),
            "foreign": looked.get_foreign_keys(name),
        }
        for name in schema.metadata.tables
    }
