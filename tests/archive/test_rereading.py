"""Reading again with another version of the reader: verdicts hold, or are listed; none is silently gone."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select

from pourparler.archive import schema
from pourparler.archive.adding import reread
from pourparler.archive.fields import same, values_in
from pourparler.archive.joining import join
from pourparler.archive.showing import show
from pourparler.archive.standing import Standing, standing
from pourparler.archive.store import Archive
from pourparler.archive.told import Telling, events
from pourparler.archive.verdicts import Verdict, give, history, undo
from pourparler.errors import ArchiveError
from tests.archive.verdict_help import (
    DERIVED,
    Plain,
    documents,
    fill,
    other_reader,
    read,
    rebuilt,
    rows,
    shown,
    told,
)  # fmt: skip

COUNT = 60


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("rereading") / "base.db"
    with Archive.open(where, create=True) as archive:
        fill(archive, COUNT)
        join(archive, Plain())
    return where


@pytest.fixture
def archive(base: Path, tmp_path: Path) -> Archive:
    shutil.copy(base, tmp_path / "a.db")
    return Archive.open(tmp_path / "a.db")


def again(archive: Archive) -> None:
    """Read again with the other version, as tests of single verdicts do."""
    fill(archive, COUNT, again=True)


def later(base: Path) -> list[Telling]:
    """What the other version reads, without any verdict."""
    shutil.copy(base, base.with_name("later.db"))
    with Archive.open(base.with_name("later.db")) as archive:
        again(archive)
        return shown(archive)


def stands(archive: Archive, verdict: Verdict) -> Standing:
    return next(one for one in standing(archive) if one.verdict.key == verdict.key)


def by_words(found: list[Telling]) -> dict[tuple[str, int, int, str], Telling]:
    return {(one.report, one.start, one.end, one.type): one for one in found}


def test_200_verdicts_hold_or_are_listed(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db", create=True) as archive:
        fill(archive, len(documents()))
        join(archive, Plain())
        before = {one.key: one for one in shown(archive)}
        given = give_many(archive, 200)
        written = verdict_rows(archive)
        assert Counter(one.state for one in standing(archive)) == {"holds": 200}
        done = reread(archive, other_reader())
        assert done.read == len(documents()) and done.failed == 0
        join(archive, Plain())
        found = standing(archive)
        # None is gone, none was changed.
        assert [one.verdict for one in found] == given and verdict_rows(archive) == written
        states = Counter((one.verdict.kind, one.state) for one in found)
        assert {state for _, state in states} == {"holds", "confirmed", "settled", "needs a look"}
        now = {one.key: one for one in shown(archive)}
        together = {key: one.event for key, one in now.items()}
        for one in found:
            assert one.why if one.attention else True
            check(one, before, now, together)
        kept = [one for one in now.values() if one.verdict == "kept"]
        assert kept and all(one.key in before for one in kept)
        with rebuilt(archive, tmp_path / "b.db") as anew:
            assert rows(anew, *DERIVED) == rows(archive, *DERIVED)


def give_many(archive: Archive, count: int) -> list[Verdict]:
    """Verdicts of every kind by one person, each on another telling, as a reviewer might give them."""
    rng = random.Random(7)
    tellings = rng.sample(shown(archive), len(shown(archive)))
    kinds = ("accept", "accept", "reject", "correct", "correct", "correct", "join", "split", "note")
    out: list[Verdict] = []
    while len(out) < count:
        one, kind = tellings.pop(), rng.choice(kinds)
        field = rng.choice(("status", "sources", "place", "first", "type"))
        more: dict[str, Any] = {}
        if kind == "correct":
            value = {
                "status": "possible",
                "sources": "Georgia",
                "place": "Tbilisi",
                "first": "2021-01-01",
                "type": "AID",
            }
            more = {"field": field, "value": value[field]}
        elif kind == "join":
            more = {"other": tellings.pop().key}
        try:
            out.append(give(archive, kind, one.key, by="ann", why="so", **more))  # type: ignore[arg-type]
        except ArchiveError as error:
            assert "alone" in str(error) or "already" in str(error) or "rejected" in str(error)
    return out


def verdict_rows(archive: Archive) -> list[Any]:
    with archive.reading() as connection:
        return list(connection.execute(select(schema.verdict).order_by(schema.verdict.c.n)).all())


def check(one: Standing, before: dict[str, Telling], now: dict[str, Telling], events: dict[str, str]) -> None:
    """What a verdict said is what the archive shows, wherever it is said to hold, and where a person's word stays."""
    verdict = one.verdict
    kind = verdict.kind
    if kind == "reject":
        assert one.state != "holds" or one.telling not in now
        assert one.state != "settled" or verdict.anchor.telling not in now
    elif kind in ("accept", "correct"):
        assert one.telling in now
        telling = now[one.telling or ""]
        wanted = verdict.value if kind == "accept" else {verdict.field: verdict.value}
        assert telling.status == wanted.get("status", telling.status)
        assert telling.type == wanted.get("type", telling.type)
        assert telling.first == wanted.get("first", telling.first)
        assert telling.place == (wanted["place"] or {"place": None})["place"] if "place" in wanted else True
        if "sources" in wanted:
            assert [party.name for party in telling.sources] == [party["name"] for party in wanted["sources"]]
        assert telling.verdict in ("accepted", "corrected", "kept")
    elif kind == "join" and one.state == "holds":
        assert events[one.telling or ""] == events[verdict.others[0].telling] or "moved" in one.why
    elif kind == "note" and one.state == "holds":
        assert now[one.telling or ""].verdict == "noted"


def test_a_correction_that_the_new_reading_makes_too_is_confirmed(archive: Archive, base: Path) -> None:
    new = by_words(later(base))
    one = next(
        one for one in shown(archive)
        if one.status == "happened" and (n := new.get((one.report, one.start, one.end, one.type)))
        and n.status == "possible"
    )  # fmt: skip
    with archive:
        right = give(archive, "correct", one.key, field="status", value="possible", by="ann")
        again(archive)
        assert stands(archive, right).state == "confirmed"
        assert told(archive, one.key).status == "possible"


def test_a_correction_of_what_is_now_read_a_third_way_holds_and_needs_a_look(archive: Archive, base: Path) -> None:
    new = by_words(later(base))
    one = next(
        one for one in shown(archive)
        if one.status == "happened" and (n := new.get((one.report, one.start, one.end, one.type)))
        and n.status == "possible"
    )  # fmt: skip
    with archive:
        wrong = give(archive, "correct", one.key, field="status", value="denied", by="ann")
        again(archive)
        found = stands(archive, wrong)
        assert found.state == "needs a look" and "status is possible, not denied" in found.why
        assert told(archive, one.key).status == "denied"
        # Who has looked at the new reading and says the same again has settled it.
        give(archive, "correct", one.key, field="status", value="denied", by="ben")
        assert not any(one.attention for one in standing(archive))


def lost(archive: Archive, base: Path, *, saying: bool = False) -> Telling:
    """A telling that the other version finds neither at its words nor near them."""
    after = later(base)
    return next(
        one for one in shown(archive)
        if not any(n.report == one.report and n.start < one.end and one.start < n.end for n in after)
        and (not saying or one.saying)
    )  # fmt: skip


def test_an_accepted_telling_that_is_gone_stays_with_what_it_rests_on(archive: Archive, base: Path) -> None:
    one = lost(archive, base, saying=True)
    with archive:
        accepted = give(archive, "accept", one.key, by="ann")
        again(archive)
        now = told(archive, one.key)
        assert now.verdict == "kept" and (now.words, now.status, now.saying) == (one.words, one.status, one.saying)
        with archive.reading() as connection:
            assert connection.execute(select(schema.saying).where(schema.saying.c.key == one.saying)).first()
            assert one.key in {key for found in events(connection) for key in found.tellings}
        found = stands(archive, accepted)
        assert found.state == "needs a look" and "no longer finds it" in found.why
        # Looked at, and accepted again: nothing is left to look at.
        fresh = give(archive, "accept", one.key, by="ann")
        assert [s.state for s in standing(archive)] == ["superseded", "holds"]
        assert history(archive, one.key) == [accepted, fresh]
        for verdict in (accepted, fresh):
            undo(archive, verdict.key, by="ann")
        assert one.key not in {t.key for t in shown(archive)}


def test_a_rejected_telling_that_is_gone_is_settled_and_joins_are_listed(archive: Archive, base: Path) -> None:
    one = lost(archive, base)
    other = next(t for t in shown(archive) if t.report != one.report)
    with archive:
        joined = give(archive, "join", one.key, other=other.key, by="ann")
        noted = give(archive, "note", one.key, by="ann", why="odd")
        rejected = give(archive, "reject", one.key, by="ann")
        again(archive)
        assert one.key not in {t.key for t in shown(archive)}
        assert (
            stands(archive, rejected).state == "settled" and "the reader now agrees" in stands(archive, rejected).why
        )
        assert stands(archive, joined).attention and stands(archive, noted).attention


def test_verdicts_find_their_telling_at_moved_words_and_under_another_type(archive: Archive, base: Path) -> None:
    old, after = shown(archive), later(base)
    keys = {n.key for n in after}
    over = [
        (one, n) for one in old for n in after
        if one.key not in keys and n.report == one.report and n.start < one.end and one.start < n.end
    ]  # fmt: skip
    moved = next((one, n) for one, n in over if one.type == n.type)
    changed = next((one, n) for one, n in over if one.type != n.type and sum(o is one for o, _ in over) == 1)
    with archive:
        first = give(archive, "accept", moved[0].key, by="ann")
        second = give(archive, "accept", changed[0].key, by="ann")
        third = give(archive, "correct", changed[0].key, field="type", value=changed[1].type, by="ben")
        again(archive)
        found = stands(archive, first)
        assert found.telling == moved[1].key and told(archive, moved[1].key).verdict == "accepted"
        assert found.state == "holds" and "found again at" in found.why
        # One telling, not two: the person's word stands at the new reading's place.
        now = told(archive, changed[1].key)
        assert now.type == changed[1].type and changed[0].key not in {t.key for t in shown(archive)}
        undo(archive, third.key, by="ben")
        assert told(archive, changed[1].key).type == changed[0].type
        assert stands(archive, second).state == "needs a look"


def test_a_rejection_does_not_hit_another_type_at_the_same_words(archive: Archive, base: Path) -> None:
    after = {n.key: n for n in later(base)}
    one, new = next(
        (one, n) for one in shown(archive) for n in after.values()
        if one.key not in after and n.report == one.report and n.start < one.end and one.start < n.end
        and n.type != one.type
    )  # fmt: skip
    with archive:
        verdict = give(archive, "reject", one.key, by="ann")
        again(archive)
        assert new.key in {t.key for t in shown(archive)}
        assert stands(archive, verdict).state == "needs a look"


def test_what_an_older_run_reads_later_stays_out_of_sight(archive: Archive) -> None:
    with archive:
        again(archive)
        after = rows(archive, *DERIVED)
        run = read(COUNT)[0].run
        records = list(read(COUNT))
        with archive.reading() as connection:
            ids = {row.id: row.key for row in connection.execute(select(schema.report))}
        found = [(ids[record.document.id], record) for record in records]
        archive.add_records(run, found)
        assert rows(archive, *DERIVED) == after


def test_one_question_for_the_verdicts_of_a_batch(archive: Archive) -> None:
    asked: list[str] = []
    with archive:
        with archive.reading() as connection:
            ids = {row.id: row.key for row in connection.execute(select(schema.report))}
        key = archive.runs()[0][0]

        def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
            asked.append(statement)

        event.listen(archive.engine, "before_cursor_execute", note)
        with archive.writing() as connection:
            show(connection, [(ids[record.document.id], key, record) for record in read(COUNT)])
        assert sum("FROM verdict" in one for one in asked) == 1


def test_values_are_compared_by_what_they_mean() -> None:
    row = {
        "sides": "[]",
        "place": None,
        "type": "AID",
        "mode": None,
        "status": "happened",
        "first": None,
        "last": None,
    }
    assert values_in(row)["sources"] == [] and values_in(row)["place"] is None
    ann = {"name": "The Minister", "holder": "Ann Example", "country": "ARM"}
    assert same("sources", [ann], [{"name": "Ann  EXAMPLE", "holder": None, "country": "ARM"}])
    assert not same("sources", [ann], [{**ann, "country": "AZE"}])
    here = {"place": "Sochi", "country": "RUS"}
    assert same("place", here, {**here, "place": "sochi"}) and not same("place", here, None)
