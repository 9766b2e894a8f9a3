"""Archive files that were damaged or poisoned, searches in an archive, and verdicts with any words."""

from __future__ import annotations

import contextlib
import functools
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from fuzz import targets
from fuzz.targets import SEEDS, One, Target, scratch, text_of

_REPORTS = (
    ("Armenia accused Azerbaijan of shelling Sotk. Azerbaijan denied it.", "2023-05-12", "Yerevan Daily"),
    ("Azerbaijan shelled Sotk, Armenia said. Two soldiers were killed near Lachin.", "2023-05-12", "Baku Wire"),
    ("The foreign ministers of Armenia and Azerbaijan met in Brussels on May 14.", "2023-05-14", "Paris Post"),
    ("Russia called on both sides to stop. “We will keep the ceasefire,” Baku said.", "2023-05-15", None),
)
# Columns of text that say something to the code that reads them; in a poisoned archive any text may stand there.
_COLUMNS = (
    ("telling", "sides"), ("telling", "day"), ("telling", "type"), ("telling", "first"), ("telling", "published"),
    ("telling", "passage_start"), ("telling", "start"), ("telling", "place"), ("telling", "confidence"),
    ("saying", "speakers"), ("saying", "about"), ("saying", "answers"), ("saying", "published"),
    ("saying", "content"),
    ("event", "body"), ("event", "day"), ("event", "status"), ("event", "score"), ("event", "tellings"),
    ("record", "body"), ("run", "body"), ("report", "text"), ("report", "published"), ("report", "key"),
    ("told", "event"), ("serial", "n"), ("alembic_version", "version_num"), ("report", "title"), ("report", "url"),
)  # fmt: skip


@functools.cache
def base() -> Path:
    """Return a small archive; it is read once and kept with the corpora."""
    from pourparler.archive.adding import add
    from pourparler.archive.checking import check
    from pourparler.archive.joining import join
    from pourparler.archive.same import Shipped
    from pourparler.archive.store import Archive, Arrived
    from pourparler.errors import ArchiveError
    from pourparler.reading import Reader
    from pourparler.record import Document

    path = targets.CORPUS / "base.db"
    with contextlib.suppress(ArchiveError), Archive.open(path) as kept:
        if not list(check(kept)):
            return path
    path.unlink(missing_ok=True)
    targets.CORPUS.mkdir(exist_ok=True)
    documents = [Document(f"r{n}", text, None, day, by) for n, (text, day, by) in enumerate(_REPORTS)]
    with Archive.open(path, create=True) as archive:
        add(archive, (Arrived(document, "fuzz", document.id) for document in documents), Reader())
        join(archive, Shipped())
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    return path


def _used(path: Path) -> None:
    """Do with an archive what commands and pages do; only ArchiveError may come of it."""
    from sqlalchemy import select

    from pourparler.archive import overview, query, schema, told
    from pourparler.archive.checking import check
    from pourparler.archive.chronicle import chronicle
    from pourparler.archive.process import load
    from pourparler.archive.store import Archive
    from pourparler.errors import PourparlerError
    from pourparler.web.endpoints import views

    process = load(SEEDS / "process" / "two-sides.toml")
    with contextlib.suppress(PourparlerError), Archive.open(path) as archive:
        list(check(archive))
        for step in (
            archive.counts,
            archive.content_hash,
            lambda: list(query.found(archive, query.Query(text="armenia"))),
            lambda: list(query.cited(archive, query.Query())),
            lambda: query.facets(archive, query.Query(source=("ARM",))),
            lambda: list(overview.overview(archive)),
            lambda: list(overview.report_lines(archive, text=None, limit=9)),
            lambda: [one.make(chronicle(archive, process)) for one in views()],
        ):
            with contextlib.suppress(PourparlerError):
                step()
        with contextlib.suppress(PourparlerError), archive.reading() as connection:
            told.sayings(connection)
            for key in connection.execute(select(schema.report.c.key)).scalars().all():
                archive.record(key)


def _damaged(held: ExitStack) -> One:
    """Four bytes are one change: where in the file (three), and by what."""
    whole = base().read_bytes()
    path = scratch(held) / "damaged.db"

    def one(data: bytes) -> None:
        file = bytearray(whole)
        for at in range(0, len(data) - 3, 4):
            file[int.from_bytes(data[at : at + 3], "big") % len(file)] ^= data[at + 3]
        path.write_bytes(file)
        for end in ("-wal", "-shm", "-journal"):
            path.with_name(path.name + end).unlink(missing_ok=True)
        _used(path)

    return one


def _poisoned(held: ExitStack) -> One:
    """The first byte names a column, the second how a value is written there; the rest is the value."""
    path = scratch(held) / "poisoned.db"

    def one(data: bytes) -> None:
        if len(data) < 2:
            return
        shutil.copyfile(base(), path)
        for end in ("-wal", "-shm", "-journal"):
            path.with_name(path.name + end).unlink(missing_ok=True)
        table, column = _COLUMNS[data[0] % len(_COLUMNS)]
        words = data[2:].decode("utf-8", "replace")
        value = (words, data[2:], None, int.from_bytes(data[2:9], "big", signed=True))[data[1] % 4]
        with contextlib.closing(sqlite3.connect(path)) as connection, contextlib.suppress(sqlite3.Error):
            # Names of our own tables and columns: nothing of the input becomes SQL.
            limit = f" WHERE rowid IN (SELECT rowid FROM {table} LIMIT 1)" if data[1] & 4 else ""  # noqa: S608
            connection.execute(f"UPDATE {table} SET {column} = ?{limit}", (value,))  # noqa: S608
            connection.commit()
        _used(path)

    return one


_PARTY = {"role": "source", "name": "A", "kind": "state", "at": [0, 1]}


def _poison() -> Iterator[bytes]:
    party = json.dumps([dict.fromkeys(("country", "sector", "title", "holder")) | _PARTY])
    for number, (_, column) in enumerate(_COLUMNS):
        value = (
            party if column in ("sides", "speakers") else '{"parties":[],"outlets":[],"versions":[],"tellings":[]}'
        )
        yield bytes([number, 0]) + value.encode()
        yield bytes([number, 2])


@contextlib.contextmanager
def refused() -> Iterator[None]:
    """Let a refusal pass; an archive that is whole must not be called damaged."""
    from pourparler.errors import ArchiveError, DamagedError

    try:
        yield
    except DamagedError as error:
        raise (error.__cause__ or error) from None
    except ArchiveError:
        pass


def _search(held: ExitStack) -> One:
    from pourparler.archive import query
    from pourparler.archive.store import Archive
    from pourparler.web.report_query import ReportQuery, reports

    archive = held.enter_context(Archive.open(base()))

    def one(data: bytes) -> None:
        words = text_of(data)
        for ask in (
            lambda: list(query.found(archive, query.Query(text=words))),
            lambda: list(query.cited(archive, query.Query(actor=(words,), limit=3))),
            lambda: query.count(archive, query.Query(near=words, since="2020")),
            lambda: query.count(archive, query.Query(outlet=(words,))),
            lambda: query.count(archive, query.Query(since=words, until=words)),
            lambda: reports(archive, ReportQuery(text=words)),
        ):
            with refused():
                ask()

    return one


def _verdicts(held: ExitStack) -> One:
    """The first byte says which verdict, the second which field, the rest is what is given: value, name, reason."""
    from sqlalchemy import select

    from pourparler.archive import fields, schema, verdicts
    from pourparler.archive.checking import check
    from pourparler.archive.store import Archive

    path = scratch(held) / "verdicts.db"
    shutil.copyfile(base(), path)
    archive = held.enter_context(Archive.open(path))
    with archive.reading() as connection:
        tellings = sorted(connection.execute(select(schema.telling.c.key)).scalars())
    given = 0

    def one(data: bytes) -> None:
        nonlocal given
        if len(data) < 3:
            return
        kind = verdicts.KINDS[data[0] % len(verdicts.KINDS)]
        field = (*fields.FIELDS, None, text_of(data[3:9]))[data[1] % (len(fields.FIELDS) + 2)]
        telling, other = tellings[data[2] % len(tellings)], tellings[data[1] % len(tellings)]
        value, by, why = [*text_of(data[3:]).split("\n"), "", ""][:3]
        with refused():
            one = verdicts.give(
                archive, kind, telling, field=field, value=value or None, by=by or "somebody", why=why or None,
                other=other if data[0] & 64 else None,
            )  # fmt: skip
            given += 1
            if given % 50 == 0:
                assert not list(check(archive))
            if data[0] & 128:
                verdicts.undo(archive, one.key, by="somebody")

    return one


def _verdict_seeds() -> Iterator[bytes]:
    values = (
        "CONSULT",
        "meet",
        "alleged",
        "Ilham Aliyev (AZE); Armenia",
        "Baku",
        "2023-05-14",
        "2023-05-15",
        "Lachin",
    )
    for kind in range(8):
        for number, value in enumerate(values):
            yield bytes([kind | (number % 4) << 6, number, number]) + value.encode() + b"\nsomebody\nsince it is so"


TARGETS = (
    Target("damaged", _damaged, lambda: [bytes([0, 0, n * 3, 1]) for n in range(30)], longest=64, seconds=4.0),
    Target("poisoned", _poisoned, _poison, longest=512, seconds=4.0),
    Target(
        "search", _search, lambda: [b'armenia "two words"', b"corrid* -shell", b"Lachin", b"2022-W37"], longest=256
    ),
    Target("verdicts", _verdicts, _verdict_seeds, longest=256, seconds=4.0),
)
