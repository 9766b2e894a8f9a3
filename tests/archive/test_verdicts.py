"""Verdicts: applied at once, never changed, taken back without a trace in what is shown, the same when made anew."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from pourparler.archive import schema
from pourparler.archive.doubts import doubts
from pourparler.archive.fields import FIELDS
from pourparler.archive.joining import join
from pourparler.archive.standing import standing
from pourparler.archive.store import Archive
from pourparler.archive.told import Joined, Telling, events, tellings
from pourparler.archive.training_rows import training_rows
from pourparler.archive.verdicts import Verdict, give, history, undo
from pourparler.errors import ArchiveError
from tests.archive.conftest import fresh_database
from tests.archive.verdict_help import DERIVED, Plain, fill, read, rebuilt, rows, shown, told

COUNT = 40


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of the first example reports, joined."""
    where = tmp_path_factory.mktemp("verdicts") / "base.db"
    with Archive.open(where, create=True) as archive:
        fill(archive, COUNT)
        join(archive, Plain())
    return where


@pytest.fixture
def archive(where: str) -> Archive:
    """The same on either database."""
    made = Archive.open(where, create=True)
    fill(made, COUNT)
    join(made, Plain())
    return made


def event_of(archive: Archive, key: str) -> Joined:
    with archive.reading() as connection:
        return next(one for one in events(connection) if key in one.tellings)


def joined_one(archive: Archive) -> Telling:
    """A telling of an event with several."""
    return next(one for one in shown(archive) if len(event_of(archive, one.key).tellings) > 2)


def test_a_rejected_telling_leaves_and_comes_back(archive: Archive) -> None:
    with archive:
        one = joined_one(archive)
        group = set(event_of(archive, one.key).tellings)
        before = rows(archive, *DERIVED, schema.told, schema.event)
        verdict = give(archive, "reject", one.key, by="ann")
        assert one.key not in {left.key for left in shown(archive)}
        with archive.reading() as connection:
            every = events(connection)
        assert all(one.key not in event.tellings for event in every)
        # Those that stay are still one event.
        assert any(set(event.tellings) == group - {one.key} for event in every)
        undo(archive, verdict.key, by="ann")
        assert told(archive, one.key) == Telling(**{**as_dict(one), "event": told(archive, one.key).event})
        join(archive, Plain())
        assert rows(archive, *DERIVED, schema.told, schema.event) == before


def as_dict(one: Telling) -> dict[str, object]:
    return {name: getattr(one, name) for name in Telling.__slots__}


@pytest.mark.parametrize(
    ("field", "value", "check"),
    [
        ("type", "threaten", lambda one: one.type == "THREATEN" and one.score < 0),
        ("status", "called for", lambda one: one.status == "called_for"),
        ("sources", "Armenia; Ilham Aliyev", lambda one: [p.country for p in one.sources] == ["ARM", "AZE"]),
        ("targets", ["Somebody Unknown (RUS)"], lambda one: [(p.name, p.country) for p in one.targets]
         == [("Somebody Unknown", "RUS")]),
        ("targets", "", lambda one: one.targets == ()),
        ("first", "2023-01-31", lambda one: {one.first, one.day} == {"2023-01-31"} and one.basis == "stated"),
        ("place", "Geneva", lambda one: (one.place, one.country) == ("Geneva", "CHE") and one.latitude > 46),
        ("place", "Camp Nowhere (GEO)", lambda one: (one.place, one.country, one.latitude)
         == ("Camp Nowhere", "GEO", None)),
        ("place", None, lambda one: one.place is None and one.country is None),
    ],
)  # fmt: skip
def test_a_correction_is_what_queries_see(
    base: Path, tmp_path: Path, field: str, value: object, check: object
) -> None:
    with copied(base, tmp_path) as archive:
        one = next(one for one in shown(archive) if one.type == "CONSULT" and one.place and one.targets)
        record = archive.record(one.report)
        verdict = give(archive, "correct", one.key, field=field, value=value, by="ann")
        new = told(archive, one.key)
        assert check(new) and new.verdict == "corrected"  # type: ignore[operator]
        assert archive.record(one.report) == record
        assert verdict.field == field and verdict.before is not None
        with archive.reading() as connection:
            sides = connection.execute(select(schema.side).where(schema.side.c.telling == one.key)).all()
        assert {(row.role, row.name) for row in sides} == {(party.role, party.name) for party in new.parties}
        event = event_of(archive, one.key)
        if len(event.tellings) == 1:
            assert (event.type, event.place, event.first) == (new.type, new.place, new.first)
        at = schema.telling.c
        with archive.reading() as connection:
            found = tellings(
                connection, at.type == new.type, at.status == new.status, at.first.is_not_distinct_from(new.first)
            )
        assert one.key in {telling.key for telling in found}
        undo(archive, verdict.key, by="ann")
        assert told(archive, one.key) == one


def copied(base: Path, folder: Path) -> Archive:
    shutil.copy(base, folder / "a.db")
    return Archive.open(folder / "a.db")


@pytest.mark.parametrize(
    ("field", "value", "allowed"),
    [
        ("type", "MEET", "CONSULT"),
        ("status", "maybe", "did_not_happen"),
        ("mode", "nonsense", "one of"),
        ("first", "May", "YYYY-MM-DD"),
        ("first", "2023-02-30", "YYYY-MM-DD"),
        ("last", "1999-01-01", "before the first day"),
        ("sources", "X (ZZZ)", "3166-1"),
        ("sources", 5, "list of names"),
        ("colour", "red", "sources"),
    ],
)
def test_what_is_allowed_is_said(base: Path, tmp_path: Path, field: str, value: object, allowed: str) -> None:
    with copied(base, tmp_path) as archive:
        one = next(one for one in shown(archive) if one.type == "CONSULT" and one.first)
        with pytest.raises(ArchiveError, match=allowed):
            give(archive, "correct", one.key, field=field, value=value, by="ann")
        assert archive.counts().verdicts == 0


def test_verdicts_that_make_no_sense_are_refused(base: Path, tmp_path: Path) -> None:
    with copied(base, tmp_path) as archive:
        one = joined_one(archive)
        alone = next(t for t in shown(archive) if event_of(archive, t.key).tellings == (t.key,))
        for kind, more in (
            ("praise", {}), ("undo", {}), ("join", {}), ("join", {"other": one.key}), ("join", {"other": "t0"}),
            ("note", {}), ("accept", {"field": "type"}), ("correct", {}), ("accept", {"other": alone.key}),
            ("accept", {"by": " "}), ("correct", {"field": "status", "value": one.status}),
        ):  # fmt: skip
            with pytest.raises(ArchiveError):
                give(archive, kind, one.key, **{"by": "ann", **more})  # type: ignore[arg-type]
        with pytest.raises(ArchiveError, match="alone"):
            give(archive, "split", alone.key, by="ann")
        with pytest.raises(ArchiveError, match="none with this key"):
            give(archive, "accept", "t0", by="ann")
        with pytest.raises(ArchiveError, match="none with this key"):
            undo(archive, "j0", by="ann")
        assert archive.counts().verdicts == 0
        rejected = give(archive, "reject", one.key, by="ann")
        with pytest.raises(ArchiveError, match=rejected.key):
            give(archive, "correct", one.key, field="status", value="denied", by="ann")
        undo(archive, rejected.key, by="ann")
        with pytest.raises(ArchiveError, match="took it back already"):
            undo(archive, rejected.key, by="ben")


def test_join_and_split_hold_at_once_and_through_joining(archive: Archive) -> None:
    with archive:
        one = joined_one(archive)
        group = set(event_of(archive, one.key).tellings)
        far = next(t for t in shown(archive) if t.key not in group and t.type != one.type and t.report != one.report)
        other = set(event_of(archive, far.key).tellings)
        joined = give(archive, "join", one.key, other=far.key, by="ann")
        split = give(archive, "split", one.key, by="ben")
        assert event_of(archive, one.key).tellings == (one.key,)
        undo(archive, split.key, by="ben")
        for _ in range(2):
            assert set(event_of(archive, one.key).tellings) == group | other
            join(archive, Plain())
        undo(archive, joined.key, by="ann")
        for _ in range(2):
            assert set(event_of(archive, one.key).tellings) == group
            assert set(event_of(archive, far.key).tellings) == other
            join(archive, Plain())


def states(archive: Archive) -> dict[str, str]:
    return {one.verdict.key: one.state for one in standing(archive)}


def test_two_persons_who_disagree_are_shown_and_the_later_counts(base: Path, tmp_path: Path) -> None:
    with copied(base, tmp_path) as archive:
        one, two, three = (t for t in shown(archive)[:3])
        first = give(archive, "correct", one.key, field="status", value="denied", by="ann")
        second = give(archive, "correct", one.key, field="status", value="possible", by="ben")
        assert told(archive, one.key).status == "possible"
        assert states(archive) == {first.key: "in conflict", second.key: "in conflict"}
        assert "ben: status is possible, which counts" in standing(archive)[0].why
        # Who changes their own mind contradicts nobody.
        third = give(archive, "correct", one.key, field="status", value="possible", by="ann")
        assert states(archive) == {first.key: "superseded", second.key: "holds", third.key: "holds"}
        accepted = give(archive, "accept", two.key, by="ann")
        rejected = give(archive, "reject", two.key, by="ben")
        assert {states(archive)[v.key] for v in (accepted, rejected)} == {"in conflict"}
        assert two.key not in {t.key for t in shown(archive)}
        undo(archive, rejected.key, by="ann")
        assert states(archive)[accepted.key] == "holds" and states(archive)[rejected.key] == "undone"
        joined = give(archive, "join", one.key, other=three.key, by="ann")
        parted = give(archive, "split", three.key, other=one.key, by="ben")
        assert {states(archive)[v.key] for v in (joined, parted)} == {"in conflict"}
        assert one.key not in event_of(archive, three.key).tellings


def test_an_undo_can_be_undone_and_nothing_is_changed_or_deleted(base: Path, tmp_path: Path) -> None:
    with copied(base, tmp_path) as archive:
        one = shown(archive)[0]
        kept: list[Verdict] = []
        steps = [
            lambda: give(archive, "accept", one.key, by="ann", why="sure"),
            lambda: give(archive, "correct", one.key, field="first", value="2023-03-03", by="ann"),
            lambda: undo(archive, kept[1].key, by="ben", why="no"),
            lambda: undo(archive, kept[2].key, by="ann"),
        ]
        for step in steps:
            kept.append(step())
            assert history(archive, one.key) == kept
        assert told(archive, one.key).first == "2023-03-03"
        assert states(archive)[kept[2].key] == "undone"
        assert (kept[0].why, kept[0].by, kept[0].at[:2]) == ("sure", "ann", "20")


def test_two_at_once_lose_no_verdict(archive: Archive) -> None:
    with archive:
        one = shown(archive)[0]
        failed: list[Exception] = []

        def work(field: str, values: list[str]) -> None:
            with Archive.open(archive.where) as own:
                for value in values:
                    try:
                        give(own, "correct", one.key, field=field, value=value, by=field)
                    except Exception as error:
                        failed.append(error)

        days = [f"2023-01-{n:02}" for n in range(1, 9)]
        places = ["Geneva", "Sochi", "Moscow", "Brussels", "Paris", "Berlin", "Rome", "Vienna"]
        threads = [
            threading.Thread(target=work, args=("first", days)), threading.Thread(target=work, args=("place", places))
        ]  # fmt: skip
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failed
        assert archive.counts().verdicts == 16
        now = told(archive, one.key)
        assert (now.first, now.place) == ("2023-01-08", "Vienna")


VALUES = {
    "type": ("CONSULT", "ACCUSE"), "mode": ("", "visit"), "status": ("alleged", "happened"),
    "sources": ("Armenia", "Russia; Azerbaijan"), "targets": ("", "Armenia"), "first": ("2023-05-01", ""),
    "last": ("2023-05-09",), "place": ("Geneva", ""),
}  # fmt: skip
TARGET = st.integers(0, 11)
WHO = st.sampled_from(("ann", "ben"))
STEP = st.one_of(
    st.tuples(st.sampled_from(("accept", "reject", "split", "note")), TARGET, WHO),
    st.tuples(st.just("correct"), TARGET, WHO, st.sampled_from(FIELDS), st.integers(0, 1)),
    st.tuples(st.just("join"), TARGET, WHO, TARGET),
    st.tuples(st.just("undo"), st.integers(0, 9), WHO),
    st.tuples(st.sampled_from(("reread", "join all"))),
)


def do(archive: Archive, step: tuple[object, ...], targets: list[str], done: list[str]) -> None:
    """Do one step; what makes no sense now (an undo of nothing, a join with itself) is refused and left out."""
    try:
        match step:
            case ("reread",):
                fill(archive, COUNT, again=True)
            case ("join all",):
                join(archive, Plain())
            case ("undo", int(n), str(by)):
                done.append(undo(archive, done[n % len(done)] if done else "j0", by=by).key)
            case ("correct", int(n), str(by), str(field), int(pick)):
                value = VALUES[field][pick % len(VALUES[field])]
                done.append(give(archive, "correct", targets[n], field=field, value=value, by=by).key)
            case ("join", int(n), str(by), int(other)):
                done.append(give(archive, "join", targets[n], other=targets[other], by=by).key)
            case (str(kind), int(n), str(by)):
                done.append(give(archive, kind, targets[n], by=by, why="because").key)  # type: ignore[arg-type]
    except ArchiveError:
        return


@settings(
    max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(STEP, min_size=1, max_size=12))
def test_step_by_step_is_the_same_as_made_anew(
    base: Path, tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[object, ...]]
) -> None:
    folder = tmp_path_factory.mktemp("steps")
    with copied(base, folder) as archive:
        # Few tellings, of few reports, so that verdicts meet each other.
        targets = [one.key for one in shown(archive)][:12]
        done: list[str] = []
        for step in steps:
            do(archive, step, targets, done)
            assert archive.counts().verdicts == len(done) == len(standing(archive))
        with rebuilt(archive, folder / "b.db") as anew:
            assert rows(anew, *DERIVED) == rows(archive, *DERIVED)
            assert [(s.verdict, s.state, s.why) for s in standing(anew)] == [
                (s.verdict, s.state, s.why) for s in standing(archive)
            ]
            for one in (anew, archive):
                join(one, Plain())
            assert rows(anew, schema.told, schema.event) == rows(archive, schema.told, schema.event)
            with archive.reading() as connection:
                every = set(connection.execute(select(schema.told.c.telling)).scalars())
            assert every == {one.key for one in shown(archive)}


@pytest.mark.postgres
def test_both_databases_give_the_same_answers(postgres: str, base: Path, tmp_path: Path) -> None:
    with copied(base, tmp_path) as lite, Archive.open(fresh_database(postgres, "verdicts"), create=True) as big:
        fill(big, COUNT)
        join(big, Plain())
        targets = [one.key for one in shown(lite)][:12]
        steps: list[tuple[object, ...]] = [
            ("accept", 0, "ann"), ("correct", 1, "ann", "status", 0), ("correct", 1, "ben", "sources", 1),
            ("reject", 2, "ann"), ("join", 3, "ben", 9), ("split", 3, "ann"), ("note", 5, "ann"), ("undo", 3, "ben"),
            ("accept", 6, "ann"), ("accept", 7, "ben"), ("accept", 8, "ben"), ("correct", 10, "ann", "place", 0),
            ("reread",), ("join all",), ("correct", 10, "ben", "place", 1), ("undo", 0, "ann"),
        ]  # fmt: skip
        for archive in (lite, big):
            done: list[str] = []
            for step in steps:
                do(archive, step, targets, done)
            assert len(done) > 10
        tables = (*DERIVED, schema.told, schema.event)
        assert rows(lite, *tables) == rows(big, *tables)
        assert [(s.verdict.key, s.state, s.why, s.telling) for s in standing(lite)] == [
            (s.verdict.key, s.state, s.why, s.telling) for s in standing(big)
        ]
        assert list(map(str, doubts(lite))) == list(map(str, doubts(big)))


def test_training_data_points_at_the_words(base: Path, tmp_path: Path) -> None:
    with copied(base, tmp_path) as archive:
        one = next(t for t in shown(archive) if t.type == "CONSULT" and t.place and t.sources and t.targets)
        two = next(t for t in shown(archive) if t.report == one.report and t.key != one.key)
        give(archive, "correct", one.key, field="status", value="denied", by="ann", why="they say no")
        give(archive, "reject", two.key, by="ben")
        gone = give(archive, "note", one.key, by="ben", why="hm")
        undo(archive, gone.key, by="ben")
        (line,) = training_rows(archive)
        (event,), (wrong,) = line["events"], line["rejected"]
        text = line["text"]
        start, end = event["evidence"]
        assert (text[start:end], event["type"], event["status"]) == (one.words, "CONSULT", "denied")
        assert text[slice(*wrong["evidence"])] == two.words
        names = {text[party[0] : party[1]] for party in event["sources"]}
        assert all(any(name in p.name or p.name in name for p in one.sources) or name for name in names)
        kinds = [(v["kind"], v["by"], v["why"], v["state"]) for v in line["verdicts"]]
        assert kinds == [("correct", "ann", "they say no", "holds"), ("reject", "ben", None, "holds")]
        assert line["verdicts"][0]["before"]["status"] == one.status and line["verdicts"][1]["after"] is None


def test_the_two_readers_differ() -> None:
    assert read(COUNT)[0].run != read(COUNT, again=True)[0].run
    assert [r.events for r in read(COUNT)] != [r.events for r in read(COUNT, again=True)]
