"""Joining: judgements and verdicts to events; in pieces or at once, in any order, the same."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import select

from pourparler.archive import candidates, schema
from pourparler.archive.candidates import Candidate
from pourparler.archive.joining import Decision, join, obey
from pourparler.archive.store import Archive, Arrived
from pourparler.archive.told import events, tellings
from pourparler.archive.verdicts import give
from pourparler.record import Document, Event, Record, Time, quote
from tests.archive.alike_by_words import Alike
from tests.archive.conftest import fill, talks


def made(number: str, text: str, day: str, outlet: str, *, status: str = "happened", stated: bool = False) -> Record:
    """A record with one event, whose trigger is "met" and whose parties are Armenia and Azerbaijan."""
    [like] = [r for r in talks() if len(r.actors) > 1][:1]
    at = text.index("met")
    people = tuple(
        type(like.actors[0])(
            f"a{n}", name, "state", code, "GOV", None, (quote(text, text.index(name), text.index(name) + len(name)),)
        )
        for n, (name, code) in enumerate((("Armenia", "ARM"), ("Azerbaijan", "AZE")))
        if name in text
    )
    time = Time(day, day, "day", "stated" if stated else "publication", None, None)
    event = Event(
        "e1", "CONSULT", None, tuple(one.id for one in people), (), status, time, None, None, 2.0,
        (quote(text, at, at + 3),), 0.7,
    )  # type: ignore[arg-type]  # fmt: skip
    return Record(Document(number, text, published=day, publisher=outlet), people, (event,), (), (), like.run)


RECORDS = (
    made("1", "Armenia met Azerbaijan in Brussels, 3 people were killed.", "2023-05-14", "Wire"),
    made("2", "Armenia met Azerbaijan in Brussels, 5 people were killed.", "2023-05-15", "Post", status="alleged"),
    made(
        "3",
        "In Brussels, Armenia met Azerbaijan over prisoners, and spirits were low: 5 people were killed.",
        "2023-05-16",
        "Courier",
    ),
    made("4", "In Sochi, after a week, Azerbaijan met Armenia for the first time.", "2023-05-15", "Wire"),
    made("5", "Armenia met Azerbaijan in Brussels, 3 people were killed.", "2023-07-14", "Wire"),
)


def put(archive: Archive, records: Sequence[Record]) -> None:
    for record in records:
        [key] = archive.add_reports([Arrived(record.document, "x")])
        archive.add_records(record.run, [(key, record)])


def grouped(archive: Archive) -> set[tuple[str, ...]]:
    with archive.reading() as connection:
        report = {one.key: archive.document(one.report).id for one in tellings(connection)}
        return {tuple(sorted(report[key] for key in one.tellings)) for one in events(connection)}


def test_reports_of_one_event_become_one_event(where: str) -> None:
    with Archive.open(where, create=True) as archive:
        put(archive, RECORDS)
        assert len(grouped(archive)) == 5
        found = join(archive, Alike())
        assert grouped(archive) == {("1", "2", "3"), ("4",), ("5",)}
        assert (found.tellings, found.events, found.joined) == (5, 3, 1)
        assert archive.counts().pending == 0


def test_versions_keep_what_differs_and_who_says_it(where: str) -> None:
    with Archive.open(where, create=True) as archive:
        put(archive, RECORDS)
        join(archive, Alike())
        with archive.reading() as connection:
            [one] = [event for event in events(connection) if len(event.tellings) == 3]
    assert one.status == "happened" and one.outlets == ("Courier", "Post", "Wire")
    versions = {(version.field, version.value): version.outlets for version in one.versions}
    assert versions[("number of killed", "5")] == ("Courier", "Post")
    assert versions[("number of killed", "3")] == ("Wire",)
    assert versions[("status", "alleged")] == ("Post",)


@pytest.mark.parametrize("seed", range(4))
def test_in_pieces_and_in_any_order_it_is_the_same(tmp_path: Path, seed: int) -> None:
    with Archive.open(tmp_path / "whole.db", create=True) as whole:
        put(whole, (*RECORDS, *talks()))
        join(whole, Alike())
        content = whole.content_hash()
    order = [*RECORDS, *talks()]
    random.Random(seed).shuffle(order)
    with Archive.open(tmp_path / "pieces.db", create=True) as pieces:
        for start in range(0, len(order), 4):
            put(pieces, order[start : start + 4])
            join(pieces, Alike())
        assert pieces.content_hash() == content


def test_joining_twice_changes_nothing(where: str) -> None:
    with Archive.open(where, create=True) as archive:
        put(archive, RECORDS)
        join(archive, Alike())
        content = archive.content_hash()
        join(archive, Alike())
        assert archive.content_hash() == content


def test_a_telling_that_is_gone_leaves_the_others_together(where: str) -> None:
    with Archive.open(where, create=True) as archive:
        put(archive, RECORDS)
        join(archive, Alike())
        run = dataclasses.replace(RECORDS[0].run, version="later")
        [key] = archive.add_reports([Arrived(RECORDS[1].document, "x")])
        archive.add_records(run, [(key, dataclasses.replace(RECORDS[1], events=(), run=run))])
        assert ("1", "3") in grouped(archive)
        join(archive, Alike())
        assert ("1", "3") in grouped(archive)


def test_what_changes_while_tellings_are_compared_waits(where: str) -> None:
    class Disturbed(Alike):
        """Another program reads one report anew, and finds nothing in it, while pairs are scored."""

        def scores(self, found: Sequence[Candidate], pairs: Sequence[tuple[int, int]]) -> Sequence[float]:
            run = dataclasses.replace(RECORDS[0].run, version="later")
            [key] = archive.add_reports([Arrived(RECORDS[1].document, "x")])
            archive.add_records(run, [(key, dataclasses.replace(RECORDS[1], events=(), run=run))])
            return super().scores(found, pairs)

    with Archive.open(where, create=True) as archive:
        put(archive, RECORDS)
        join(archive, Disturbed())
        assert grouped(archive) == {("1", "3"), ("4",), ("5",)}
        assert archive.counts().pending == 1
        join(archive, Alike())
        assert archive.counts().pending == 0


def test_broken_off_after_copies_were_found_nothing_is_forgotten(where: str) -> None:
    first = made(
        "1", "Armenia met Azerbaijan in Brussels and both spoke of prisoners held since May.", "2023-05-15", "Wire"
    )
    earlier = made(
        "0", "Armenia met Azerbaijan in Brussels, and both spoke of prisoners held since May!", "2023-05-14", "Post"
    )

    third = made(
        "2", "Armenia met Azerbaijan in Brussels and both spoke of mines, maps and May.", "2023-05-15", "Courier"
    )

    class Broken(Alike):
        def groups(self, size: int, pairs: Sequence[tuple[int, int]], scores: Sequence[float]) -> list[list[int]]:
            raise KeyboardInterrupt

    with Archive.open(where, create=True) as archive:
        put(archive, [first, third])
        join(archive, Alike())
        with archive.reading() as connection:
            [one] = events(connection)
        assert one.outlets == ("Courier", "Wire")
        put(archive, [dataclasses.replace(earlier, events=())])
        with pytest.raises(KeyboardInterrupt):
            join(archive, Broken())
        assert archive.counts().copies == 1
        join(archive, Alike())
        with archive.reading() as connection:
            [one] = events(connection)
    # The report of the Wire turned out to repeat one of the day before: its outlet adds nothing.
    assert one.outlets == ("Courier",) and len(one.tellings) == 2


def test_judgements_stay_and_are_only_added(where: str) -> None:
    with Archive.open(where, create=True) as archive:
        put(archive, RECORDS)
        join(archive, Alike())
        with archive.reading() as connection:
            before = set(connection.execute(select(schema.judgement)).all())
        put(archive, talks())
        join(archive, Alike())
        with archive.reading() as connection:
            after = set(connection.execute(select(schema.judgement)).all())
    assert before and before <= after


def test_a_last_day_that_a_person_corrects_is_judged_anew(tmp_path: Path) -> None:
    """It is looked at: two acts are as far apart as the last day of one and the first of the other."""
    stated = [
        made(str(n), one.document.text, f"2023-05-1{n}", "Wire", stated=True) for n, one in enumerate(RECORDS[:2])
    ]
    with Archive.open(tmp_path / "a.db", create=True) as archive:
        put(archive, stated)
        join(archive, Alike())
        with archive.reading() as connection:
            first = min(tellings(connection), key=lambda one: one.first or "")
        give(archive, "correct", first.key, field="last", value="2023-05-12", by="ann")
        join(archive, Alike())
        with archive.reading() as connection:
            assert len(connection.execute(select(schema.judgement)).all()) == 2


def test_what_another_method_joined_is_joined_anew(where: str) -> None:
    class Later(Alike):
        method = "test.v2"

    with Archive.open(where, create=True) as archive:
        put(archive, RECORDS)
        join(archive, Alike())
        # It is compared with the first alone, and would draw it out of its event: the new method knows no other link.
        more = made(
            "6",
            "Armenia met Azerbaijan in Brussels; both then spoke of mines, 3 people were mourned.",
            "2023-05-11",
            "Herald",
        )
        put(archive, [more])
        join(archive, Later())
        assert grouped(archive) == {("1", "2", "3", "6"), ("4",), ("5",)}
        assert archive.counts().pending == 0


def test_persons_decide_last() -> None:
    groups = [["a", "b"], ["c"], ["d"]]
    assert obey(groups, [Decision("a", "c", together=True)]) == [["a", "b", "c"], ["d"]]
    assert obey(groups, [Decision("b", "a", together=False)]) == [["a"], ["b"], ["c"], ["d"]]
    both = [Decision("b", "a", together=False), Decision("b", "d", together=True)]
    assert obey([["a", "b"], ["c"], ["d"]], both) == [["a"], ["b", "d"], ["c"]]
    assert obey([["a"]], [Decision("a", "gone", together=True)]) == [["a"]]


def test_only_what_lies_near_is_compared(where: str) -> None:
    with Archive.open(where, create=True) as archive:
        put(archive, RECORDS)
        with archive.reading() as connection:
            days = {record.document.published or "" for record in RECORDS}
            found = candidates.load(connection, days)
            fresh = frozenset(one.key for one in found)
            ids = [archive.document(one.report).id for one in found]
            own = {one.day for one in found if one.day}
            pairs = {tuple(sorted((ids[a], ids[b]))) for a, b in candidates.pairs(found, fresh=fresh, days=own)}
    assert ("1", "2") in pairs and ("1", "4") in pairs
    assert not any("5" in pair for pair in pairs)


def test_the_example_talks_fill_and_join(where: str) -> None:
    with Archive.open(where, create=True) as archive:
        fill(archive, talks())
        found = join(archive, Alike())
        assert found.tellings == sum(len(record.events) for record in talks())
