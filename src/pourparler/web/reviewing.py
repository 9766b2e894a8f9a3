"""What the review page shows of a telling, and what its verdicts are in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, or_, select

from pourparler.archive import schema, told
from pourparler.archive.binding import bonds
from pourparler.archive.doubts import near
from pourparler.archive.fields import in_words
from pourparler.archive.given import Verdict, undone, verdicts
from pourparler.archive.query import Cited
from pourparler.archive.sql import portions
from pourparler.archive.store import Archive
from pourparler.archive.verdicts import history
from pourparler.archive.views.common import Standing, names, standing
from pourparler.archive.views.lines import line
from pourparler.web.counting import once
from pourparler.web.event_lines import as_event, passage, to_words
from pourparler.web.loading import found_event
from pourparler.web.marking import Piece


@dataclass(frozen=True, slots=True)
class Shown:
    """A telling as a reviewer sees it: what was read, and the words it was read in."""

    key: str
    line: str
    type: str
    mode: str | None
    status: str
    standing: Standing
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    says: tuple[str, ...]
    day: str | None
    last: str | None
    dated: bool
    place: str | None
    confidence: float
    report: str
    to_words: str
    title: str | None
    publisher: str | None
    published: str | None
    verdict: str | None
    words: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A verdict in a line."""

    key: str
    at: str
    by: str
    what: str
    taken_back: bool


@dataclass(frozen=True, slots=True)
class Item:
    """What a reviewer judges: the telling, its event, the other tellings of that, and the verdicts on it so far.

    ``seen`` is the number of the newest verdict on it (0 for none).
    """

    telling: Shown
    event: str
    others: tuple[Shown, ...]
    history: tuple[Line, ...]
    seen: int


@dataclass(frozen=True, slots=True)
class Near:
    """An event that a telling may belong to: its number on the page, the key of its first telling, what it is."""

    number: int
    telling: str
    event: str
    day: str | None
    line: str
    tellings: int


def item_of(archive: Archive, key: str) -> Item | None:
    """Return what is shown of a telling by its key, made once until the archive changes; None where it is gone."""
    with archive.reading() as connection:
        return once(archive, connection, ("item", key), lambda: _item(archive, connection, key))


def _item(archive: Archive, connection: Connection, key: str) -> Item | None:
    event = connection.execute(select(schema.told.c.event).where(schema.told.c.telling == key)).scalar()
    found = found_event(connection, event) if event else None
    if found is None or event is None:
        return None
    mine = next((one for one in found.cited if one.telling.key == key), None)
    if mine is None:
        return None
    given = history(archive, key) if touched(connection, [mine]) else []
    others = tuple(_shown(one) for one in found.cited if one is not mine)
    return Item(_shown(mine), event, others, tuple(lines_of(given)), max((one.n for one in given), default=0))


def touched(connection: Connection, told_by: Sequence[Cited]) -> list[str]:
    """Return the tellings that a verdict may be about, in their order: one on their report, or one that names them.

    Which verdicts they are costs a look at the whole reading of a report, 3 ms, and most tellings have none.
    """
    column = schema.verdict.c
    reports = {one.report.key for one in told_by}
    named = or_(*(column.other.contains(one.telling.key, autoescape=True) for one in told_by))
    rows = connection.execute(select(column.report, column.other).where(or_(column.report.in_(reports), named)))
    given = [(row.report, row.other or "") for row in rows]
    return [
        one.telling.key
        for one in told_by
        if any(report == one.report.key or one.telling.key in other for report, other in given)
    ]


def _shown(one: Cited) -> Shown:
    telling, report = one.telling, one.report
    return Shown(
        telling.key, line(as_event(telling), telling.words, says=one.says), telling.type, telling.mode,
        telling.status, standing(telling.status), names(telling.sources), names(telling.targets), one.says,
        telling.first or telling.day, telling.last, telling.basis in ("stated", "inferred"), telling.place,
        telling.confidence, report.key, to_words(report.key, telling.key, telling.start),
        report.title, report.publisher, report.published, telling.verdict,
        passage(one),
    )  # fmt: skip


def nearest(archive: Archive, key: str) -> tuple[Near, ...]:
    """Return the events nearest to a telling, nine at most, numbered from 1."""
    with archive.reading() as connection:
        found = told.tellings(connection, schema.telling.c.key == key)
        events = near(connection, found[0]) if found else []
    return tuple(
        Near(n, one.tellings[0], one.key, one.day, line(one), len(one.tellings)) for n, one in enumerate(events, 1)
    )


def still_in_doubt(archive: Archive) -> Callable[[str], bool]:
    """Return what says of a telling's key whether nobody has decided about it yet, as the archive is now."""
    with archive.reading() as connection:
        bound = once(archive, connection, "bound", lambda: _bound(connection))

    def still(key: str) -> bool:
        with archive.reading() as connection:
            row = connection.execute(select(schema.telling.c.verdict).where(schema.telling.c.key == key)).first()
        return row is not None and row.verdict is None and key not in bound

    return still


def decided(archive: Archive) -> frozenset[str]:
    """Return the tellings that somebody has decided about, by the keys under which they were in doubt before."""
    with archive.reading() as connection:
        return once(archive, connection, "decided", lambda: _decided(archive, connection))


def _decided(archive: Archive, connection: Connection) -> frozenset[str]:
    telling = schema.telling.c
    bound = once(archive, connection, "bound", lambda: _bound(connection))
    given = frozenset(connection.execute(select(schema.verdict.c.telling).distinct()).scalars())
    open_: set[str] = set()
    for part in portions(sorted(given - bound)):
        query = select(telling.key).where(telling.key.in_(part), telling.verdict.is_(None))
        open_.update(connection.execute(query).scalars())
    return (given | bound) - open_


def _bound(connection: Connection) -> frozenset[str]:
    return frozenset(key for one in bonds(connection) for key in (one.a.key, one.b.key) if key)


def newest(connection: Connection) -> int:
    """Return the number of the newest verdict; 0 where there is none."""
    return int(connection.execute(select(func.max(schema.verdict.c.n))).scalar() or 0)


def last_of(archive: Archive, by: str, *, since: int) -> Verdict | None:
    """Return somebody's newest verdict after a number that nobody took back; None where there is none."""
    column = schema.verdict.c
    with archive.reading() as connection:
        mine = verdicts(connection, column.by == by, column.n > since)
        every, keys = list(mine), {one.key for one in mine}
        asked = set(keys)
        # Undos by others, undos of those, and so on.
        while asked:
            undos = [one for part in portions(asked) for one in verdicts(connection, column.undoes.in_(part))]
            every += [one for one in undos if one.key not in keys]
            asked = {one.key for one in undos} - keys
            keys |= asked
    back = undone(every)
    return next((one for one in reversed(mine) if one.kind != "undo" and one.key not in back), None)


def lines_of(given: Sequence[Verdict]) -> Iterator[Line]:
    """Yield verdicts in lines, in their order."""
    back = undone(given)
    for one in given:
        yield Line(one.key, one.at, one.by, described(one), one.key in back)


def described(one: Verdict) -> str:
    """Return what a verdict says, in words."""
    words = f"{one.anchor.types[-1]} “{one.anchor.words}”"
    if one.kind == "correct" and one.field:
        told = f"correct {words}, {one.field}: {in_words(one.field, one.before)} → {in_words(one.field, one.value)}"
    elif one.others:
        others = _listed(f"“{other.words}”" for other in one.others)
        told = f"{one.kind} {words} {'with' if one.kind == 'join' else 'from'} {others}"
    elif one.kind == "undo":
        told = f"take back {one.undoes}, on {words}"
    else:
        told = f"{one.kind} {words}"
    return f"{told}; {one.why}" if one.why else told


def _listed(words: Iterable[str], *, most: int = 3) -> str:
    every = list(words)
    more = f" and {len(every) - most} more" if len(every) > most else ""
    return ", ".join(every[:most]) + more
