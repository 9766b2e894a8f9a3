"""Tellings of one event gathered into it: what most outlets say, where they differ, and who says what."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pourparler.archive import keys
from pourparler.archive.numbers import numbers
from pourparler.archive.outlets import named
from pourparler.archive.search import fold
from pourparler.archive.told import Party, Telling, Version

# What a reporter states outweighs what somebody says, and that what is only ahead: the first row that any telling is
# in decides; within a row outlets vote.
_STATUS = (("happened", "ongoing", "did_not_happen"), ("alleged", "denied"), ("planned", "called_for", "possible"))


@dataclass(frozen=True, slots=True)
class Told:
    """A telling with what gathering needs beside it: its passage, and whose word it is (empty where told as fact)."""

    telling: Telling
    passage: str
    says: tuple[str, ...]
    is_copy: bool


def outlets_of(publisher: str | None, report: str) -> tuple[str, ...]:
    """Return the outlets that a publisher column names ("Reuters; BBC" are two); a report without one is its own."""
    return named(publisher) or (f"report {report}",)


def gather(members: Sequence[Told]) -> dict[str, Any]:
    """Return the row of table ``event`` for tellings of one event."""
    order = sorted(members, key=lambda one: (one.telling.published or "", one.telling.key))
    news = [one for one in order if not one.is_copy] or order
    best = min(news, key=_rank).telling
    kind = _voted(news, lambda one: one.telling.type)
    # Mode and intensity go with the type that counts.
    typed = min((one for one in news if one.telling.type == kind), key=_rank).telling
    dated = _voted(news, lambda one: one.telling.first if _stated(one) else None)
    day_from = _first(news, lambda one: one.telling.first == dated) if dated else best
    placed = _voted(news, lambda one: one.telling.place)
    place_from = _first(news, lambda one: one.telling.place == placed) if placed else best
    published = next((one.telling.published for one in order if one.telling.published), "")
    outlets = sorted({name for one in news for name in outlets_of(one.telling.publisher, one.telling.report)})
    body = {
        "parties": [_bare(party) for party in best.parties],
        "outlets": outlets,
        "versions": [asdict(version) for version in versions(news)],
        "tellings": [one.telling.key for one in order],
    }
    return {
        "key": keys.event_key(order[0].telling.key),
        "type": kind,
        "mode": typed.mode,
        "status": _status(news),
        "first": day_from.first,
        "last": day_from.last,
        "day": (day_from.first or published)[:10] or None,
        "place": place_from.place,
        "country": place_from.country,
        "latitude": place_from.latitude,
        "longitude": place_from.longitude,
        "score": typed.score,
        "confidence": max(one.telling.confidence for one in news),
        "tellings": len(order),
        "outlets": len(outlets),
        "body": json.dumps(body, ensure_ascii=True),
    }


def versions(news: Sequence[Told]) -> list[Version]:
    """Return, field by field, the values on which tellings differ: type, status, day, place, sides, numbers."""
    out: list[Version] = []
    if len(news) < 2:
        return out
    fields: list[tuple[str, Callable[[Told], str | None]]] = [
        ("type", lambda one: one.telling.type),
        ("status", lambda one: one.telling.status),
        ("day", lambda one: one.telling.first if _stated(one) else None),
        ("place", lambda one: one.telling.place),
        ("sources", lambda one: _names(one.telling.sources)),
        ("targets", lambda one: _names(one.telling.targets)),
    ]
    for field, value_of in fields:
        out += _differing(field, news, {one.telling.key: value_of(one) for one in news})
    counted = {one.telling.key: numbers(one.passage) for one in news}
    for unit in sorted({unit for found in counted.values() for unit in found}):
        out += _differing(
            f"number of {unit}", news, {key: _figure(found.get(unit)) for key, found in counted.items()}
        )
    return out


def _figure(number: int | None) -> str | None:
    return None if number is None else f"{number:,}"


def _differing(field: str, news: Sequence[Told], values: Mapping[str, str | None]) -> list[Version]:
    """Return a version for each value where there are several; names that differ in form alone are one value."""
    groups: dict[str, list[Told]] = {}
    for one in news:
        value = values[one.telling.key]
        if value is not None:
            groups.setdefault(fold(value), []).append(one)
    if len(groups) < 2:
        return []
    return [
        Version(
            field,
            values[group[0].telling.key] or "",
            tuple(one.telling.key for one in group),
            tuple(sorted({name for one in group for name in outlets_of(one.telling.publisher, one.telling.report)})),
            # One report that tells it as fact is enough: then no word of anybody stands behind it alone.
            tuple(sorted({name for one in group for name in one.says})) if all(one.says for one in group) else (),
        )
        for _, group in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    ]


def _stated(one: Told) -> bool:
    return one.telling.basis in ("stated", "inferred") and one.telling.precision == "day"


def _names(parties: Sequence[Party]) -> str | None:
    """Return a side as words: countries for governments and forces, so that "Baku" and "Azerbaijan" are one value."""
    names = sorted({party.country if party.country and party.kind != "person" else party.who for party in parties})
    return ", ".join(names) or None


def _rank(one: Told) -> tuple[bool, bool, float, str, str]:
    """Sort the telling that says most, surest, first."""
    telling = one.telling
    return (not telling.sources, not telling.targets, -telling.confidence, telling.published or "", telling.key)


def _first(news: Sequence[Told], fits: Callable[[Told], bool]) -> Telling:
    return next(one.telling for one in news if fits(one))


def _voted(news: Sequence[Told], value_of: Callable[[Told], str | None]) -> str | None:
    """Return the value that most outlets give; of equals that of the surer telling, then the smaller."""
    votes: dict[str, tuple[set[str], float]] = {}
    for one in news:
        value = value_of(one)
        if value is not None:
            names, sure = votes.get(value, (set(), 0.0))
            found = {*names, *outlets_of(one.telling.publisher, one.telling.report)}
            votes[value] = (found, max(sure, one.telling.confidence))
    return min(votes, key=lambda value: (-len(votes[value][0]), -votes[value][1], value), default=None)


def _status(news: Sequence[Told]) -> str:
    for row in _STATUS:
        among = [one for one in news if one.telling.status in row]
        if among:
            return _voted(among, lambda one: one.telling.status) or row[0]
    return news[0].telling.status


def _bare(party: Party) -> dict[str, Any]:
    kept = asdict(party)
    del kept["at"]
    return kept
