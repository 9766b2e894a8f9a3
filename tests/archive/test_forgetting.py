"""What is forgotten is gone: from every table, from the bytes of every file, and from what the desk keeps."""

from __future__ import annotations

import json
import sqlite3
import zlib
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text

from pourparler.archive import forgetting, query, schema, tracing, verdicts
from pourparler.archive.checking import check
from pourparler.archive.forgetting import forget, plan_person, plan_reports
from pourparler.archive.joining import join
from pourparler.archive.naming import masked, name_of
from pourparler.archive.removing import Removed
from pourparler.archive.same import Shipped
from pourparler.archive.store import Archive, Arrived
from pourparler.errors import ArchiveError, DeskError
from pourparler.record import Record
from tests.archive import conftest
from tests.archive.by_hand import REPORTS, RUN, Act, fill, record

# Words that stand nowhere else: letters of which no other word here is made.
WORDS = ("Xqzwoblik", "Vvarkjömö", "qwjxstelle")
HIDDEN = record(
    "xqzwoblik-1", "2022-12-13", "Xqzwoblik Post",
    "Armenia shelled Lachin, said Xqzwoblik of Qwjxstelle. Vvarkjömö of Azerbaijan met Armenia there.",
    [
        Act("shelled", "ASSAULT", ("Armenia",), ("Azerbaijan",), "alleged", "Lachin", says="Armenia"),
        Act("met", "CONSULT", ("Vvarkjömö of Azerbaijan", "Armenia"), day="2022-12-12"),
    ],
)  # fmt: skip
BY, WHY = "curator", "the publisher withdrew it"


def _filled(where: str, records: tuple[Record, ...], *joined: tuple[tuple[str, int], ...]) -> dict[str, str]:
    with Archive.open(where, create=True) as archive:
        return fill(archive, records, joined=joined)


def _key(archive: Archive, id: str) -> str:
    with archive.reading() as connection:
        return str(connection.execute(select(schema.report.c.key).where(schema.report.c.id == id)).scalar_one())


def _forms(word: str) -> set[bytes]:
    return {
        form
        for cased in (word, word.lower(), word.upper(), word.title())
        for form in (
            cased.encode(), cased.encode("utf-16-le"), cased.encode("utf-16-be"), json.dumps(cased)[1:-1].encode()
        )
    }  # fmt: skip


def _in_file(path: Path, word: str) -> list[str]:
    """Return where a word stands in the bytes of a database and of what lies beside it, packed rows opened."""
    out = [
        f"{file.name}: {form!r}"
        for file in path.parent.iterdir()
        if file.name.startswith(path.name)
        for form in _forms(word)
        if form in file.read_bytes()
    ]
    base = sqlite3.connect(path)
    try:
        for (table,) in base.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%USING%'"
        ):
            for row in base.execute(f'SELECT * FROM "{table}"'):
                out += [table for value in row if isinstance(value, bytes) and word.lower() in _opened(value).lower()]
        for index in ("report_words", "telling_words"):
            base.execute(f"CREATE VIRTUAL TABLE temp.seen_{index} USING fts5vocab(main, {index}, 'row')")
            terms = [term for (term,) in base.execute(f"SELECT term FROM temp.seen_{index}")]
            out += [f"{index}: {term}" for term in terms if word.lower() in term or _bare(word) in term]
    finally:
        base.close()
    return out


def _opened(value: bytes) -> str:
    try:
        value = zlib.decompress(value)
    except zlib.error:
        return value.decode("latin-1")
    return f"{value.decode()} {json.loads(value)}"


def _bare(word: str) -> str:
    return word.lower().replace("ö", "o")


def _anywhere(archive: Archive, *words: str) -> list[str]:
    return [line for word in words for line in tracing.traces(archive, name_of(word))]


def test_a_report_is_gone_from_every_byte(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    keys = _filled(str(path), (*REPORTS, HIDDEN), (("r1", 0), ("xqzwoblik-1", 0), ("r2", 0)))
    with Archive.open(path) as archive:
        verdicts.give(archive, "correct", keys["xqzwoblik-1:1"], field="place", value="Qwjxstelle", by=BY)
        verdicts.give(archive, "note", keys["xqzwoblik-1:0"], by=BY, why="Vvarkjömö is not trusted")
        join(archive, Shipped())
        assert all(_anywhere(archive, word) for word in WORDS)
    # Closed, the file holds it; the test would see it.
    assert all(_in_file(path, word) for word in WORDS)
    with Archive.open(path) as archive:
        gone = forget(archive, plan_reports(archive, [_key(archive, "xqzwoblik-1")]), by=BY, why=WHY)
        assert [_in_file(path, word) for word in WORDS] == [[], [], []]
        join(archive, Shipped())
        assert list(check(archive)) == []
        assert _anywhere(archive, *WORDS) == []
        assert archive.counts().reports == len(REPORTS)
        assert gone.verdicts == 2
    assert [_in_file(path, word) for word in WORDS] == [[], [], []]
    assert not any(key.encode() in path.read_bytes() for key in gone.keys)


def test_an_archive_is_as_if_it_never_had_it(where: str) -> None:
    """The content hash is that of an archive that was filled without the reports."""
    talks = conftest.talks()
    again = tuple(
        Record(
            type(one.document)(
                f"{one.document.id}-b", one.document.text, one.document.title, one.document.published, "Another"
            ),
            one.actors, one.events, one.statements, one.rejected, one.run,
        )
        for one in talks[:6]
    )  # fmt: skip
    with Archive.open(where, create=True) as archive:
        found = conftest.fill(archive, (*talks, *again))
        join(archive, Shipped())
        out = [found[0], found[3], found[len(talks) + 1], found[-1]]
        forget(archive, plan_reports(archive, out), by=BY, why=WHY)
        join(archive, Shipped())
        after, problems = archive.content_hash(), list(check(archive))
    assert problems == []
    if "://" in where:
        return
    kept = [(n, one) for n, one in enumerate((*talks, *again)) if found[n] not in out]
    with Archive.open(f"{where}.other", create=True) as other:
        keys = other.add_reports([Arrived(one.document, "talks.jsonl", f"line {n}") for n, one in kept])
        other.add_records(talks[0].run, [(key, one) for key, (_, one) in zip(keys, kept, strict=True)])
        join(other, Shipped())
        assert other.content_hash() == after


def test_events_and_verdicts_of_others_stay(where: str) -> None:
    keys = _filled(where, (*REPORTS, HIDDEN), (("r1", 0), ("r2", 0)))
    with Archive.open(where) as archive:
        kept = verdicts.give(archive, "accept", keys["r1:1"], by=BY)
        verdicts.give(archive, "join", keys["r1:0"], other=keys["xqzwoblik-1:0"], by=BY)
        both = verdicts.give(archive, "split", keys["r1:0"], by=BY, why="two sites")
        back = verdicts.undo(archive, both.key, by=BY)
        assert len(both.others) == 2
        forget(archive, plan_reports(archive, [_key(archive, "xqzwoblik-1")]), by=BY, why=WHY)
        with archive.reading() as connection:
            left = verdicts.verdicts(connection)
            assert [(one.kind, len(one.others)) for one in left] == [("accept", 0), ("split", 1), ("undo", 0)]
            assert left[0] == kept
            # The key of a verdict is a hash of what it says, so what says less has another one, and its undo too.
            assert left[1].key != both.key and left[2].undoes == left[1].key and left[2].key != back.key
            assert [keys["xqzwoblik-1:0"] in repr(one) for one in left] == [False] * 3
            told = {row.telling: row.event for row in connection.execute(select(schema.told))}
        assert told[keys["r1:0"]] == told[keys["r2:0"]]
        assert list(check(archive)) == []


def test_copies_go_where_that_is_asked(where: str) -> None:
    one = record("a", "2023-01-01", "A", REPORTS[0].document.text, [Act("accused", "ACCUSE", ("Armenia",))])
    two = record("b", "2023-01-02", "B", REPORTS[0].document.text, [Act("accused", "ACCUSE", ("Armenia",))])
    _filled(where, (one, two, REPORTS[3]))
    with Archive.open(where) as archive:
        join(archive, Shipped())
        a, b = _key(archive, "a"), _key(archive, "b")
        assert plan_reports(archive, [a]).copies == (b,)
        assert set(plan_reports(archive, [a], copies=True).gone) == {a, b}
        forget(archive, plan_reports(archive, [a]), by=BY, why=WHY)
        join(archive, Shipped())
        assert archive.counts().copies == 0


ALIYEV = record(
    "h1", "2003-08-04", "Turan",
    "Heydar Aliyev's son Ilham Aliyev met Armenia. Mr Aliyev, 80, was ill. HEYDAR  ALİYEV resigned; "
    "Heydar G. Aliyev had ruled for ten years. Aliyev\u00adev was not him.",
    [
        Act("met", "CONSULT", ("Ilham Aliyev", "Armenia")),
        Act("resigned", "RETREAT", ("Heydar Aliyev",)),
    ],
)  # fmt: skip


def _people(archive: Archive, report: str) -> set[str]:
    with archive.reading() as connection:
        sides = schema.side.join(schema.telling, schema.telling.c.key == schema.side.c.telling)
        names = select(schema.side.c.name).select_from(sides).where(schema.telling.c.report == report)
        return set(connection.execute(names).scalars())


def test_a_person_is_masked_and_all_else_stays(where: str) -> None:
    keys = _filled(where, (*REPORTS, ALIYEV))
    with Archive.open(where) as archive:
        verdicts.give(archive, "accept", keys["h1:1"], by=BY, why="Heydar Aliyev did")
        verdicts.give(archive, "correct", keys["r1:0"], field="sources", value="Heydar Aliyev", by=BY)
        join(archive, Shipped())
        before = archive.counts()
        name = name_of("Heydar Aliyev")
        plan = plan_person(archive, name)
        assert plan.masked == (_key(archive, "h1"),)
        done = forget(archive, plan, by=BY, why="asked for by the family")
        join(archive, Shipped())
        assert archive.counts() == before
        assert list(check(archive)) == []
        assert list(tracing.traces(archive, name)) == []
        (report,) = done.masked
        words = archive.document(report).text
        assert len(words) == len(ALIYEV.document.text)
        # The son keeps his name; the old form of the name, with a middle letter, is masked where the surname is.
        assert (
            "Ilham Aliyev met" in words and "Mr ██████, 80" in words and "Heydar" not in words.replace("Heydar G", "")
        )
        assert _people(archive, report) == {"Ilham Aliyev", "Armenia", "█████████████"}
        assert done.left == ("Ilham Aliyev",)
        with archive.reading() as connection:
            given = {one.kind: one for one in verdicts.verdicts(connection)}
        assert given["accept"].anchor.report == report and given["accept"].why == "█████████████ did"
        assert json.dumps(given["correct"].value).count("Heydar") == 0
        # The verdict still holds on the telling, which has another key now.
        with archive.reading() as connection:
            marks = connection.execute(select(schema.telling.c.verdict).where(schema.telling.c.report == report))
            assert sorted(map(str, marks.scalars())) == ["None", "accepted"]


def test_a_name_is_found_however_it_is_written() -> None:
    name = name_of("Nikol Pashinyan", ["Paşinyan", "Pashinian*"])
    for words in (
        "Nikol Pashinyan", "NIKOL\nPASHINYAN", "nikol-pashinyan", "Pashinyan, Nikol", "@NikolPashinyan",
        "Nikol Pash\u00adin\u200byan", "Nikol Pas\u0327hinyan", "Pas\u0327inyan", "Paşinyan", "Pashinianism",
        "Ｎｉｋｏｌ Ｐａｓｈｉｎｙａｎ", "Nikol%20Pashinyan", "nikol-%50ashin%79an",
        "Pa%C5%9Finyan", "Pas%cc%a7inyan",
    ):  # fmt: skip
        found = name.full(f"Met {words}'s men")
        assert found, words
        assert masked(f"Met {words}'s men", found).strip("█") in (
            f"Met {'█' * len(words)}'s men", f"Met @{'█' * (len(words) - 1)}'s men"
        )  # fmt: skip
    # Places hold behind percent signs that mean letters, no letters, or nothing.
    before = "5% up%2C %FF%C5 100%zz %C3%B6 "
    assert name.full(f"{before}Nikol Pashinyan%21") == [(len(before), len(before) + 15)]
    for words in ("Nikola Pashinyan", "Anikol Pashinyans", "Pashinyan", "Nikol", "%41nikol%20Pashinyan"):
        assert not name.full(words), words
    with pytest.raises(ArchiveError, match="full name"):
        name_of("…")
    with pytest.raises(ArchiveError, match="everywhere"):
        name_of("Nikol Pashinyan", ["a*"])


def test_whole_reports_go_where_that_is_asked(where: str) -> None:
    _filled(where, (*REPORTS, ALIYEV))
    with Archive.open(where) as archive:
        plan = plan_person(archive, name_of("Heydar Aliyev"), whole=True)
        forget(archive, plan, by=BY, why=WHY)
        assert archive.counts().reports == len(REPORTS)
        assert list(tracing.traces(archive, name_of("Heydar Aliyev"))) == []


def test_a_masked_name_is_gone_from_every_byte(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    _filled(str(path), (*REPORTS, ALIYEV))
    assert _in_file(path, "Heydar")
    with Archive.open(path) as archive:
        archive.add_reports([Arrived(ALIYEV.document, "https://e.org/?q=Heydar%20Aliyev")])
        with archive.writing() as connection:
            connection.execute(insert(schema.feed).values(url="https://e.org/heydar-aliyev.rss", state="{}"))
            connection.execute(insert(schema.feed).values(url="https://e.org/?q=%48eydar%20Aliyev", state="{}"))
        name = name_of("Heydar Aliyev", ["Heydar"])
        forget(archive, plan_person(archive, name), by=BY, why=WHY)
        assert [_in_file(path, word) for word in ("Heydar", "%48eydar")] == [[], []]
        assert list(tracing.bytes_of(path, ["Heydar Aliyev", "Heydar"])) == []
        assert list(tracing.bytes_of(path, ["Ilham Aliyev"])) != []


def test_what_was_forgotten_does_not_come_in_again(where: str) -> None:
    from pourparler.archive.adding import add
    from pourparler.reading import Reader

    _filled(where, (*REPORTS, ALIYEV, HIDDEN))
    with Archive.open(where) as archive:
        forget(archive, plan_reports(archive, [_key(archive, "xqzwoblik-1")]), by=BY, why=WHY)
        forget(archive, plan_person(archive, name_of("Heydar Aliyev")), by=BY, why="asked for")
        again = [Arrived(one.document, "again", "") for one in (HIDDEN, ALIYEV, REPORTS[0])]
        # The same text under another title and address is the same report.
        again.append(Arrived(record("z", None, None, HIDDEN.document.text, []).document, "again", ""))
        with pytest.raises(ArchiveError, match="forgotten here"):
            archive.add_reports(again)
        done = add(archive, again, Reader())
        assert (done.taken, done.new, done.forgotten) == (1, 0, 3)
        assert [(one.kind, one.removed, one.masked, one.barred) for one in forgetting.entries(archive)] == [
            ("report", 1, 0, 1), ("person", 0, 1, 1)
        ]  # fmt: skip
        assert forgetting.allow(archive, 1, by=BY, why="it was put right") == 1
        assert archive.add_reports(again[:1])
        with pytest.raises(ArchiveError, match="forgotten here"):
            archive.add_reports(again[1:2])
        trail = [(one.n, one.kind, one.by, one.why, one.barred) for one in forgetting.entries(archive)]
        assert trail[-1] == (3, "allow", BY, "it was put right", 0)
        with pytest.raises(ArchiveError, match="there is none"):
            forgetting.allow(archive, 17, by=BY, why="x")


def test_marks_are_keyed(tmp_path: Path) -> None:
    """Two archives that forgot one report have no mark in common, and none is a plain hash of the text."""
    import hashlib

    found = []
    for name in ("a.db", "b.db"):
        _filled(str(tmp_path / name), (HIDDEN,))
        with Archive.open(tmp_path / name) as archive:
            forget(archive, plan_reports(archive, [_key(archive, "xqzwoblik-1")]), by=BY, why=WHY)
            with archive.reading() as connection:
                found.append(connection.execute(select(schema.barred.c.mark)).scalar_one())
    assert found[0] != found[1]
    assert hashlib.sha256(HIDDEN.document.text.encode()).hexdigest() not in found


def test_what_makes_no_sense_is_refused(where: str) -> None:
    _filled(where, (*REPORTS, ALIYEV))
    with Archive.open(where) as archive:
        before = archive.content_hash()
        with pytest.raises(ArchiveError, match="none with this key"):
            plan_reports(archive, ["r0123"])
        plan = plan_person(archive, name_of("Heydar Aliyev"))
        for by, why in (("", "x"), ("me", " "), ("me", "Heydar Aliyev asked"), ("H. Aliyev", "asked")):
            with pytest.raises(ArchiveError, match=r"--reason|without the name"):
                forget(archive, plan, by=by, why=why)
        assert archive.content_hash() == before
        assert forgetting.entries(archive) == []


def test_where_it_cannot_be_forgotten_beside_nothing_is(where: str) -> None:
    _filled(where, (*REPORTS, HIDDEN))

    def beside(removed: Removed) -> None:
        assert _key(archive, "xqzwoblik-1") in removed.keys
        raise DeskError("it is locked")

    with Archive.open(where) as archive:
        before = archive.content_hash()
        plan = plan_reports(archive, [_key(archive, "xqzwoblik-1")])
        with pytest.raises(DeskError, match="locked"):
            forget(archive, plan, by=BY, why=WHY, beside=beside)
        assert archive.content_hash() == before
        assert forgetting.entries(archive) == []
        assert forget(archive, plan, by=BY, why=WHY).keys


def test_a_reader_beside_is_told_and_it_can_be_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pourparler.archive.engine._WAIT", 200)
    path = tmp_path / "a.db"
    _filled(str(path), (*REPORTS, HIDDEN))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM report").fetchone()
    with Archive.open(path) as archive:
        with pytest.raises(ArchiveError, match="--finish"):
            forget(archive, plan_reports(archive, [_key(archive, "xqzwoblik-1")]), by=BY, why=WHY)
        assert forgetting.entries(archive)[0].erased is None
        assert [line for line in check(archive) if "--finish" in line]
        other.execute("ROLLBACK")
        other.close()
        forgetting.finish(archive)
        assert list(check(archive)) == []
        assert forgetting.entries(archive)[0].erased is not None
        assert [_in_file(path, word) for word in WORDS] == [[], [], []]


@pytest.mark.postgres
def test_a_servers_files_hold_nothing_of_it(postgres: str, tmp_path: Path) -> None:
    where = conftest.fresh_database(postgres, "forgetting")
    _filled(where, (*REPORTS, HIDDEN))
    with Archive.open(where) as archive:
        with archive.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
            connection.execute(text("CHECKPOINT"))
            folder = Path(connection.execute(text("SHOW data_directory")).scalar_one())
            number = connection.execute(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
            files = folder / "base" / str(number.scalar_one())
        assert all(_in_folder(files, word) for word in (*WORDS, "xqzwoblik"))
        forget(archive, plan_reports(archive, [_key(archive, "xqzwoblik-1")]), by=BY, why=WHY)
        assert [_in_folder(files, word) for word in (*WORDS, "xqzwoblik")] == [[], [], [], []]
        join(archive, Shipped())
        assert list(check(archive)) == []


def _in_folder(folder: Path, word: str) -> list[str]:
    found = [(file, file.read_bytes()) for file in folder.iterdir() if file.is_file()]
    return [file.name for file, data in found if any(form in data for form in (word.encode(), _bare(word).encode()))]


def test_an_archive_of_before_learns_to_forget(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    _filled(str(path), REPORTS)
    with sqlite3.connect(path) as base:
        newer = "DROP TABLE barred; DROP TABLE forgotten; DROP TABLE own_list"
        base.executescript(f"{newer}; UPDATE alembic_version SET version_num = '0001'")
    base.close()
    with Archive.open(path) as archive:
        forget(archive, plan_reports(archive, [_key(archive, "r4")]), by=BY, why=WHY)
        assert archive.counts().reports == len(REPORTS) - 1


def test_queries_do_not_find_it(where: str) -> None:
    _filled(where, (*REPORTS, HIDDEN))
    with Archive.open(where) as archive:
        wanted = query.Query(text="xqzwoblik")
        assert query.find(archive, wanted)
        forget(archive, plan_reports(archive, [_key(archive, "xqzwoblik-1")]), by=BY, why=WHY)
        assert not query.find(archive, wanted)
        assert archive.runs()[0][1] == RUN
