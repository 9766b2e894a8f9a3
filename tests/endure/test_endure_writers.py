"""One report that two programs take in at the same moment."""

from __future__ import annotations

import threading

from sqlalchemy import insert

from pourparler.archive import schema
from pourparler.archive.kept import report_row
from pourparler.archive.keys import report_key
from pourparler.archive.store import Archive, Arrived
from pourparler.errors import ArchiveError
from pourparler.record import Document


def test_the_same_report_comes_in_from_two_at_once(where: str) -> None:
    one = Arrived(Document("d1", "The ministers met in Yerevan.", published="2023-05-04"), "a.jsonl", "line 1")
    other = Arrived(one.document, "b.jsonl", "line 1")
    told: list[object] = []

    def second() -> None:
        with Archive.open(where) as archive:
            try:
                told.append(archive.add_reports([other]))
            except ArchiveError as error:
                told.append(error)

    with Archive.open(where, create=True) as archive:
        # The first has put its report in, and is not done yet, when the second comes with the same.
        with archive.writing() as connection:
            connection.execute(insert(schema.report), [report_row("r1", one.document) | {"key": _key(one)}])
            thread = threading.Thread(target=second)
            thread.start()
            thread.join(timeout=1.0)
            assert thread.is_alive(), "the second did not wait"
        thread.join(timeout=30)
        assert told == [[_key(one)]]
        assert archive.counts().reports == 1


def _key(one: Arrived) -> str:
    return report_key(one.document)
