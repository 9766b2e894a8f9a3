"""All hostile cases in one archive, each taken in as a row of JSONL, read, joined and judged once for all tests."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from pourparler.archive.adding import add
from pourparler.archive.joining import join
from pourparler.archive.store import Archive, Arrived
from pourparler.errors import IntakeError
from pourparler.intake import Intake, find_sources
from pourparler.reading import Reader
from pourparler.record import Record
from tests.archive.alike_by_words import Alike
from tests.hostile.corpus import Case, cases, line_of

MARKUP = "<script>window.zq=1</script>"
PROCESS = f"""
name = {json.dumps('"><img src=zq onerror=zq()>')}
title = {json.dumps("Talks " + MARKUP + " =1+1")}
places = [{json.dumps("Sotk " + MARKUP)}]
words = ["Sotk", "zq"]

[[side]]
name = {json.dumps("=Armenia" + MARKUP)}
countries = ["ARM"]

[[side]]
name = {json.dumps("' zqattr='1 Azerbaijan")}
countries = ["AZE"]

[[mediator]]
name = "European {{{{ 7*7 }}}} Union"
names = ["Charles Michel"]
"""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what takes minutes, unless it is asked for."""
    if "endure" not in config.option.markexpr and not os.environ.get("POURPARLER_ENDURE"):
        large = [item for item in items if item.get_closest_marker("endure")]
        config.hook.pytest_deselected(items=large)
        items[:] = [item for item in items if not item.get_closest_marker("endure")]


@dataclass(frozen=True, slots=True)
class Kept:
    """The archive of all cases: where it is, the record of each case that was read, and what was told of others."""

    path: Path
    records: dict[str, Record]
    errors: tuple[IntakeError, ...]
    notes: tuple[str, ...]
    process: Path

    def of(self, kind: str) -> list[tuple[Case, Record]]:
        """Return the cases of a kind with their records."""
        return [(case, self.records[case.id]) for case in cases() if case.kind == kind and case.id in self.records]


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """The archive of all cases."""
    folder = tmp_path_factory.mktemp("hostile")
    rows = folder / "rows.jsonl"
    rows.write_text("".join(line_of(case) + "\n" for case in cases()), encoding="ascii")
    process = folder / "hostile.toml"
    process.write_text(PROCESS, encoding="utf-8")
    errors: list[IntakeError] = []
    notes: list[str] = []
    intake = Intake(on_error=errors.append, on_note=notes.append)
    path = folder / "hostile.db"
    with Archive.open(path, create=True) as archive:
        sources = find_sources([str(rows)], on_error=errors.append)
        arrived = (Arrived(document, spot.name, spot.place) for document, spot in intake.placed(sources))
        done = add(archive, arrived, Reader())
        assert done.failed == 0
        join(archive, Alike(threshold=0.25))
        records = {record.document.id.split(" ")[0]: record for record in _records(archive)}
    return Kept(path, records, tuple(errors), tuple(notes), process)


def _records(archive: Archive) -> list[Record]:
    from sqlalchemy import select

    from pourparler.archive import schema

    with archive.reading() as connection:
        keys = list(connection.execute(select(schema.report.c.key).order_by(schema.report.c.n)).scalars())
    return [archive.record(key) for key in keys]
