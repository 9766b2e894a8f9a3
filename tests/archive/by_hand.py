"""An archive made by hand: few reports of which every answer is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pourparler.archive.keys import telling_keys
from pourparler.archive.showing import regroup
from pourparler.archive.store import Archive, Arrived
from pourparler.record import Actor, Document, Event, Place, Quote, Record, Run, Span, Statement, Time

RUN = Run("0", "c" * 16, "b" * 16, "m" * 16, ("test.step.v1",))
PEOPLE: dict[str, tuple[str, str | None, str | None]] = {
    "Armenia": ("state", "ARM", "GOV"),
    "Azerbaijan": ("state", "AZE", "GOV"),
    "Russia": ("state", "RUS", "GOV"),
    "Nikol Pashinyan": ("person", "ARM", "GOV"),
    "Azerbaijani troops": ("group", "AZE", "MIL"),
    "Minsk Group": ("organization", None, None),
}
PLACES: dict[str, tuple[str | None, float | None, float | None]] = {
    "Lachin": ("AZE", 39.64, 46.55),
    "Lachin corridor": (None, None, None),
    "Stepanakert": ("AZE", 39.82, 46.75),
    "Brussels": ("BEL", 50.85, 4.35),
}


@dataclass(frozen=True)
class Act:
    """One event: its trigger words, and whose word it is."""

    words: str
    type: str
    sources: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    status: str = "happened"
    place: str | None = None
    day: str | None = None
    says: str | None = None
    confidence: float = 0.8


def record(id: str, day: str | None, publisher: str | None, text: str, acts: Sequence[Act]) -> Record:
    """Return the record of a report; the words of each act must stand in its text."""
    document = Document(id, text, f"Title of {id}", day, publisher, f"https://example.org/{id}")
    names = dict.fromkeys(name for act in acts for name in (*act.sources, *act.targets, *filter(None, [act.says])))
    ids = {name: f"a{n}" for n, name in enumerate(names)}
    actors = tuple(Actor(ids[name], name, *_known(name), None, _mentions(text, name)) for name in names)
    said = [act for act in acts if act.says]
    statements = tuple(
        Statement(f"s{n}", (ids[act.says or ""],), (), "assert", _quote(text, act.words), (), False, (), 0.9)
        for n, act in enumerate(said)
    )
    events = tuple(_event(n, act, text, day, ids, said) for n, act in enumerate(acts))
    return Record(document, actors, events, statements, (), RUN)


def _known(name: str) -> tuple[str, str | None, str | None]:
    return PEOPLE.get(name, ("group", None, None))


def _event(n: int, act: Act, text: str, day: str | None, ids: dict[str, str], said: list[Act]) -> Event:
    country, latitude, longitude = PLACES.get(act.place or "", (None, None, None))
    first = act.day or day
    return Event(
        f"e{n}", act.type, None, tuple(ids[name] for name in act.sources), tuple(ids[name] for name in act.targets),  # type: ignore[arg-type]
        act.status,  # type: ignore[arg-type]
        Time(first, first, "day", "stated" if act.day else "publication", None, None) if first else None,
        Place(act.place, country, latitude, longitude, None, Span(0, 1)) if act.place else None,
        f"s{said.index(act)}" if act.says else None, -3.0, (_quote(text, act.words),), act.confidence,
    )  # fmt: skip


def _mentions(text: str, name: str) -> tuple[Quote, ...]:
    return (_quote(text, name),) if name in text else ()


def _quote(text: str, words: str) -> Quote:
    start = text.index(words)
    return Quote(start, start + len(words), words)


def fill(
    archive: Archive, records: Sequence[Record], *, joined: Sequence[Sequence[tuple[str, int]]] = ()
) -> dict[str, str]:
    """Keep records, join the acts (report's id, number) of each group; return telling keys by "id:number"."""
    found = archive.add_reports([Arrived(one.document, "by hand", str(n)) for n, one in enumerate(records)])
    archive.add_records(RUN, list(zip(found, records, strict=True)))
    keys = {
        f"{one.document.id}:{n}": key
        for report, one in zip(found, records, strict=True)
        for n, (key, _) in enumerate(telling_keys(report, one))
    }
    groups = [[keys[f"{id}:{n}"] for id, n in group] for group in joined]
    with archive.writing() as connection:
        regroup(connection, [key for group in groups for key in group], groups)
    return keys


REPORTS = (
    record(
        "r1", "2022-12-12", "Reuters",
        "Azerbaijani troops shelled Lachin on Monday. Armenia accused Azerbaijan of closing the corridor.",
        [
            Act("shelled", "ASSAULT", ("Azerbaijani troops",), ("Armenia",), "alleged", "Lachin", says="Armenia"),
            Act("accused", "ACCUSE", ("Armenia",), ("Azerbaijan",), confidence=0.95),
        ],
    ),
    record(
        "r2", "2022-12-13", "BBC News; AFP",
        "Troops of Azerbaijan fired on Lachin, 3 people killed. Nikol Pashinyan blamed Russia.",
        [
            Act("fired", "ASSAULT", ("Azerbaijani troops",), ("Armenia",), place="Lachin", day="2022-12-12"),
            Act("blamed", "ACCUSE", ("Nikol Pashinyan",), ("Russia",), confidence=0.4),
        ],
    ),
    record(
        "r3", "2023-05-14", "BBC News",
        "Armenia and Azerbaijan will meet in Brussels. The road through the Lachin corridor stays closed.",
        [
            Act("meet", "CONSULT", ("Armenia", "Azerbaijan"), status="planned", place="Brussels", day="2023-05-20"),
            Act("closed", "COERCE", ("Azerbaijan",), (), place="Lachin corridor", status="ongoing"),
        ],
    ),
    record("r4", None, None, "Once the Minsk Group met Armenia in Stepanakert.",
           [Act("met", "CONSULT", ("Minsk Group", "Armenia"), place="Stepanakert")]),
)  # fmt: skip
JOINED = ((("r1", 0), ("r2", 0)),)


def events_by_hand(archive: Archive) -> dict[str, str]:
    """Fill an archive with REPORTS, the two tellings of the shelling joined; return telling keys by "id:number"."""
    return fill(archive, REPORTS, joined=JOINED)
