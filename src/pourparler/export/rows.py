"""What a question finds, as rows: one an event or one a telling, with all that they rest on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pourparler.archive.query import Cited, Found
from pourparler.archive.told import Party


@dataclass(frozen=True, slots=True)
class PartyRow:
    """Somebody who takes part. ``name`` is the person where the report names only the office that they held."""

    name: str
    kind: str
    country: str | None
    sector: str | None


@dataclass(frozen=True, slots=True)
class ToldRow:
    """How one report tells an event: its trigger words are ``start``:``end`` of the report's text, ``passage`` the
    sentences around them; ``says`` whose word alone it is (empty where the report tells it as fact)."""

    telling: str
    report: str
    report_id: str
    title: str | None
    published: str | None
    publisher: str | None
    url: str | None
    language: str
    status: str
    precision: str | None
    basis: str | None
    words: str
    start: int
    end: int
    passage: str
    passage_start: int
    passage_end: int
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One value of a field on which tellings differ, and who gives it."""

    field: str
    value: str
    outlets: tuple[str, ...]
    says: tuple[str, ...]
    tellings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event joined from its tellings. ``basis`` is "publication" where only days of publication are known."""

    event: str
    type: str
    mode: str | None
    status: str
    day: str | None
    first: str | None
    last: str | None
    precision: str | None
    basis: str | None
    sources: tuple[PartyRow, ...]
    targets: tuple[PartyRow, ...]
    place: str | None
    country: str | None
    latitude: float | None
    longitude: float | None
    score: float
    confidence: float
    says: tuple[str, ...]
    outlets: tuple[str, ...]
    versions: tuple[VersionRow, ...]
    told: tuple[ToldRow, ...]
    tellings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TellingRow:
    """One event as one report tells it, with its words."""

    telling: str
    event: str
    type: str
    mode: str | None
    status: str
    day: str | None
    first: str | None
    last: str | None
    precision: str | None
    basis: str | None
    sources: tuple[PartyRow, ...]
    targets: tuple[PartyRow, ...]
    place: str | None
    country: str | None
    latitude: float | None
    longitude: float | None
    score: float
    confidence: float
    says: tuple[str, ...]
    saying: str | None
    verdict: str | None
    report: str
    report_id: str
    title: str | None
    published: str | None
    publisher: str | None
    url: str | None
    language: str
    words: str
    start: int
    end: int
    passage: str
    passage_start: int
    passage_end: int


def event_row(found: Found) -> EventRow:
    """Return the row of an event."""
    event, told = found.event, tuple(_told(one) for one in found.cited)
    # The event's day is that of a telling which gives it: how exactly that one knows it holds for the event.
    dated = next((one for one in found.cited if one.telling.first == event.first), found.cited[0]).telling
    says = {name: None for one in told for name in one.says} if all(one.says for one in told) else {}
    return EventRow(
        event.key, event.type, event.mode, event.status, event.day, event.first, event.last, dated.precision,
        dated.basis, _parties(event.sources), _parties(event.targets), event.place, event.country, event.latitude,
        event.longitude, event.score, event.confidence, tuple(says), event.outlets,
        tuple(VersionRow(v.field, v.value, v.outlets, v.says, v.tellings) for v in event.versions), told,
        event.tellings,
    )  # fmt: skip


def telling_row(cited: Cited) -> TellingRow:
    """Return the row of a telling."""
    one, report = cited.telling, cited.report
    return TellingRow(
        one.key, one.event, one.type, one.mode, one.status, one.day, one.first, one.last, one.precision, one.basis,
        _parties(one.sources), _parties(one.targets), one.place, one.country, one.latitude, one.longitude, one.score,
        one.confidence, cited.says, one.saying, one.verdict, report.key, report.id, report.title, report.published,
        report.publisher, report.url, report.language, one.words, one.start, one.end, cited.passage,
        one.passage_start, one.passage_end,
    )  # fmt: skip


def _told(cited: Cited) -> ToldRow:
    one, report = cited.telling, cited.report
    return ToldRow(
        one.key, report.key, report.id, report.title, report.published, report.publisher, report.url, report.language,
        one.status, one.precision, one.basis, one.words, one.start, one.end, cited.passage, one.passage_start,
        one.passage_end, cited.says,
    )  # fmt: skip


def _parties(parties: Iterable[Party]) -> tuple[PartyRow, ...]:
    return tuple(PartyRow(one.who, one.kind, one.country, one.sector) for one in parties)
