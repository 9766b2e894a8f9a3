"""The sections of a brief, what each says of the days; here those about what happened and how relations moved."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from pourparler.archive.brief_talk import claimed, due, promised, truces
from pourparler.archive.brief_words import Drafted, Sentence, Window, many, people, piece, sentence, spoken
from pourparler.archive.told import Joined, Version
from pourparler.archive.views import changes, meetings, relations, timeline
from pourparler.archive.views.meetings import Round
from pourparler.archive.views.relations import Month
from pourparler.archive.views.timeline import Moment
from pourparler.knowledge import country_name

# Below this confidence, the chance that all of an event is right, an event is told among the unsure ones.
SURE = 0.5
_YEAR = 12


@dataclass(frozen=True, slots=True)
class Drafts:
    """The sentences of a section, most important first, and how many are shown at most."""

    id: str
    sentences: tuple[Sentence, ...]
    most: int


def sections(window: Window) -> Iterator[Drafts]:
    """Yield the sections of a brief in their order."""
    rows = timeline.view(window.chronicle)
    inside = [row for row in rows if window.holds(row.day)]
    rounds = meetings.view(window.chronicle, today=window.last)
    makers: tuple[tuple[str, int, Callable[[], Iterable[Sentence]]], ...] = (
        ("counts", 9, lambda: _counts(window, inside)),
        ("facts", 12, lambda: _facts(inside)),
        ("talks", 8, lambda: _talks(window, rounds)),
        ("claims", 10, lambda: claimed(window)),
        ("commitments", 10, lambda: promised(window, rows)),
        ("agenda", 10, lambda: due(window)),
        ("relations", 8, lambda: _relations(window)),
        ("ceasefire", 10, lambda: truces(window)),
        ("differ", 6, lambda: _differ(window, inside)),
        ("unsure", 8, lambda: _unsure(inside)),
    )
    for id, most, made in makers:
        yield Drafts(id, tuple(one for one in made() if one), most)


def _counts(window: Window, inside: Sequence[Moment]) -> Iterator[Sentence]:
    by = {name: [row for row in inside if row.standing == name] for name in ("fact", "claim", "ahead")}
    facts = by["fact"]
    yield sentence(
        piece(
            "counts",
            "facts",
            _keys(facts),
            events=many(len(facts), "event"),
            period=window.period,
            coop=str(sum(row.score > 0 for row in facts)),
            force=str(sum(row.score < 0 for row in facts)),
        )
    )
    for name, template in (("claim", "claims"), ("ahead", "ahead")):
        one = len(by[name]) == 1
        counted = many(len(by[name]), "event")
        rest, are = ("rests", "is") if one else ("rest", "are")
        yield sentence(piece("counts", template, _keys(by[name]), events=counted, rest=rest, are=are))
    reports = {window.chronicle.tellings[key].report: key for key in _keys(inside)}
    copies = [key for report, key in reports.items() if report in window.chronicle.copies]
    outlets = {name for event in _joined(window, inside) for name in event.outlets}
    yield sentence(
        piece(
            "counts",
            "told",
            _keys(inside),
            reports=many(len(reports), "report"),
            outlets=many(len(outlets), "outlet"),
        ),
        piece("counts", "copies", copies, reports=str(len(copies))),
    )


def _keys(rows: Iterable[Moment]) -> list[str]:
    return [key for row in sorted(rows, key=_weight) for key in row.tellings]


def _weight(row: Moment) -> tuple[float, str, str]:
    return (-row.weight, row.day or "", row.event)


def _joined(window: Window, rows: Iterable[Moment]) -> list[Joined]:
    wanted = {row.event for row in rows}
    return [event for event in window.chronicle.events if event.key in wanted]


def _facts(inside: Sequence[Moment]) -> Iterator[Sentence]:
    for row in sorted(inside, key=_weight):
        if row.standing == "fact" and row.confidence >= SURE:
            name = "stated" if row.dated else "published"
            text = piece("facts", name, row.tellings, day=spoken(row.day, row.last), line=row.line)
            outlets = row.tellings if row.outlets > 1 else ()
            yield sentence(text, piece("facts", "outlets", outlets, count=str(row.outlets)))


def _unsure(inside: Sequence[Moment]) -> Iterator[Sentence]:
    for row in sorted(inside, key=_weight):
        if row.standing == "fact" and row.confidence < SURE:
            percent = f"{100 * row.confidence:.0f}"
            yield sentence(
                piece("unsure", "fact", row.tellings, day=spoken(row.day), line=row.line, confidence=percent)
            )


def _talks(window: Window, rounds: Sequence[Round]) -> Iterator[Sentence]:
    for row in rounds:
        if row.first and row.first <= window.last.isoformat() and (row.last or row.first) >= window.first.isoformat():
            yield sentence(_meeting(row), *_outcomes(row))


def _meeting(row: Round) -> Drafted:
    who = [name for seat in row.who for name in (seat.names or (seat.member,))]
    mediators = f", mediated by {people(row.mediators)}" if row.mediators else ""
    where = f" in {row.place}" if row.place else ""
    return piece(
        "talks", row.status, (*row.tellings, *row.sayings), who=people(who) or "parties not named", where=where,
        days=spoken(row.first, row.last), format=row.format, mediators=mediators,
    )  # fmt: skip


def _outcomes(row: Round) -> Iterator[Drafted]:
    for outcome in row.outcome[:3]:
        yield piece("talks", "outcome", outcome.tellings, line=outcome.line)
    for later in row.next[:2]:
        yield piece("talks", "next", later.tellings, days=spoken(later.day, later.last), line=later.line)


def _relations(window: Window) -> Iterator[Sentence]:
    begin, end = window.first.isoformat()[:7], window.last.isoformat()[:7]
    period = _month(begin) if begin == end else f"{_month(begin)} to {_month(end)}"
    told = set()
    for alert in changes.alerts(window.chronicle, today=window.last):
        if begin <= alert.month <= end:
            if alert.tellings:  # a month without events rests on no words: nothing is said of it
                told.add((alert.source, alert.target, alert.series))
            yield sentence(piece("relations", "alert", alert.tellings, reason=alert.reason))
    for one in _moved(window, begin, end):
        # What is out of the ordinary says so much already.
        if (one.source, one.target, one.series) not in told:
            usual = f"{one.usual:.1f} a month" if one.usual else "none"
            counted = many(one.count, "event")
            yield sentence(
                piece("relations", "more", one.keys, source=one.source, target=one.target, events=counted,
                      series=one.series, period=period, usual=usual)
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Moved:
    """Events of one series from one to another in some months, and how many a month in the twelve before."""

    source: str
    target: str
    series: str
    count: int
    usual: float
    keys: tuple[str, ...]


def _moved(window: Window, begin: str, end: str) -> list[_Moved]:
    """Return what happened in the months ``begin`` to ``end``, what differs most from the year before first."""
    before = _months_before(begin)
    by_pair: defaultdict[tuple[str, str], list[Month]] = defaultdict(list)
    for row in relations.view(window.chronicle, today=window.last):
        by_pair[row.source, row.target].append(row)
    out = []
    for (source, target), rows in by_pair.items():
        now, past = [row for row in rows if begin <= row.month <= end], [row for row in rows if row.month in before]
        for series in ("cooperation", "conflict"):
            count = sum(getattr(row, series) for row in now)
            usual = sum(getattr(row, series) for row in past) / _YEAR
            keys = tuple(key for row in now for key in row.tellings if _is(window, key, series))
            if count:
                out.append(_Moved(source, target, series, count, usual, keys))
    return sorted(out, key=lambda one: (-abs(one.count - one.usual), one.source, one.target, one.series))


def _is(window: Window, key: str, series: str) -> bool:
    score = window.chronicle.tellings[key].score
    return score > 0 if series == "cooperation" else score < 0


def _months_before(month: str) -> frozenset[str]:
    number = int(month[:4]) * _YEAR + int(month[5:7]) - 1
    return frozenset(f"{n // _YEAR:04}-{n % _YEAR + 1:02}" for n in range(number - _YEAR, number))


def _month(month: str) -> str:
    return datetime.date.fromisoformat(f"{month}-01").strftime("%B ") + month[:4]


def _differ(window: Window, inside: Sequence[Moment]) -> Iterator[Sentence]:
    events = {event.key: event for event in _joined(window, inside)}
    for row in sorted(inside, key=_weight):
        versions: defaultdict[str, list[Version]] = defaultdict(list)
        for version in events[row.event].versions:
            versions[version.field].append(version)
        for field, values in versions.items():
            first = piece("differ", "event", row.tellings, line=row.line, day=spoken(row.day), field=_field(field))
            yield sentence(first, *(_version(field, value) for value in values))


def _field(field: str) -> str:
    return {
        "type": "the kind of act",
        "status": "whether it happened",
        "sources": "who did it",
        "targets": "to whom",
    }.get(field, f"the {field}")


def _version(field: str, version: Version) -> Drafted:
    value = version.value.replace("_", " ") if field in ("type", "status") else version.value
    if field in ("sources", "targets"):
        value = ", ".join(country_name(one) or one for one in value.split(", "))
    if field == "day":
        value = spoken(value)
    return piece(
        "differ", "word" if version.says else "value", version.tellings, value=value, says=people(version.says),
        outlets=people(version.outlets),
    )  # fmt: skip
