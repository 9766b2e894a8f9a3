"""An event in a line for a list: in words, with its standing, whose word it is, and the passage of a report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from pourparler.archive.query import Cited, Found
from pourparler.archive.search import Phrase
from pourparler.archive.told import Joined, Telling
from pourparler.archive.views.common import Standing, standing
from pourparler.archive.views.lines import line
from pourparler.web.marking import Mark, Piece, hits, pieces

# In the first so many characters of a report no part of it ends.
SHORTEST = 40_000


@dataclass(frozen=True, slots=True)
class EventLine:
    """What a list shows of an event. ``dated`` is False where only the day of publication is known.

    ``words`` is the passage of the telling with the key ``telling``, its trigger and parties marked.
    """

    event: str
    line: str
    day: str | None
    last: str | None
    dated: bool
    type: str
    mode: str | None
    status: str
    standing: Standing
    says: tuple[str, ...]
    place: str | None
    outlets: tuple[str, ...]
    versions: int
    tellings: int
    confidence: float
    telling: str
    to_words: str
    publisher: str | None
    words: tuple[Piece, ...]


def event_line(found: Found, *, phrases: Sequence[Phrase] = ()) -> EventLine:
    """Return the line of an event; words that were searched for are marked in its passage."""
    event, first = found.event, leading(found)
    says = says_of(found)
    day = event.first or event.day
    return EventLine(
        event.key, line(event, first.telling.words, says=says), day[:10] if day else None,
        event.last[:10] if event.last else None, is_dated(event, found.cited), event.type, event.mode, event.status,
        standing(event.status), says, event.place, event.outlets,
        len({version.field for version in event.versions}), len(event.tellings), event.confidence,
        first.telling.key,
        to_words(first.report.key, first.telling.key, first.telling.start), first.report.publisher,
        passage(first, phrases=phrases),
    )  # fmt: skip


def to_words(report: str, key: str, start: int, *, process: str | None = None) -> str:
    """Return the address of the words of a telling or statement in its report, of which a long one has parts."""
    asked = [("process", process), ("at", key if start >= SHORTEST else None)]
    query = urlencode([(name, value) for name, value in asked if value])
    return f"/report/{report}{f'?{query}' if query else ''}#{key}"


def leading(found: Found) -> Cited:
    """Return the earliest telling of the event's type: the one whose words stand for it."""
    return next((one for one in found.cited if one.telling.type == found.event.type), found.cited[0])


def says_of(found: Found) -> tuple[str, ...]:
    """Return whose word an event is that no report tells as a fact."""
    if standing(found.event.status) != "claim":
        return ()
    return tuple(dict.fromkeys(name for one in found.cited for name in one.says))


def is_dated(event: Joined, cited: Sequence[Cited]) -> bool:
    """True where a report states the day or lets it be inferred; else it is the day of publication."""
    return event.first is not None and any(
        one.telling.first == event.first and one.telling.basis in ("stated", "inferred") for one in cited
    )


def marks_of(telling: Telling) -> list[Mark]:
    """Return the trigger and the parties of a telling, as ranges of its report."""
    named = [Mark(*party.at, "party", telling.key, telling.type) for party in telling.parties if party.at]
    return [Mark(telling.start, telling.end, "trigger", telling.key, telling.type), *named]


def passage(cited: Cited, *, phrases: Sequence[Phrase] = ()) -> tuple[Piece, ...]:
    """Return the passage of a telling in pieces, its trigger, its parties and searched words marked."""
    begin = cited.telling.passage_start
    own = [Mark(one.start - begin, one.end - begin, one.kind, one.key, one.type) for one in marks_of(cited.telling)]
    return pieces(cited.passage, [*own, *hits(cited.passage, phrases)])


def as_event(telling: Telling) -> Joined:
    """Return a telling as an event of its own: what its report alone would make of it."""
    return Joined(
        telling.event, telling.type, telling.mode, telling.status, telling.first, telling.last, telling.day,
        telling.place, telling.country, telling.latitude, telling.longitude, telling.score, telling.confidence,
        telling.parties, (), (), (telling.key,),
    )  # fmt: skip
