"""Positions: what each side and mediator demands, rejects and accepts, by topic, and when that changed."""

from __future__ import annotations

import datetime
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pourparler.archive.asof import seen_from
from pourparler.archive.chronicle import Chronicle
from pourparler.archive.told import Saying, Telling
from pourparler.archive.views.common import DONE, sentence
from pourparler.archive.views.sides import Sides, saying_at, settings, sides_of
from pourparler.archive.views.topics import OTHER, topics, words_of

REAFFIRMS = "reaffirms"


@dataclass(frozen=True, slots=True)
class Turn:
    """A change of stance: from when on, from what to what, in which words, and the keys of both wordings."""

    day: str | None
    before: str
    after: str
    words_before: str
    words_after: str
    tellings: tuple[str, ...]
    sayings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Position:
    """What one side or mediator holds on one topic.

    ``topic`` are the words that its texts share, most telling first ("other": they have no telling word); ``stance``
    ("demands", "rejects", "accepts", or "reaffirms" where nothing else was said) and ``words`` are the latest,
    ``towards`` whom it was said to. ``times`` counts reports that repeat no other.
    """

    side: str
    topic: str
    stance: str
    words: str
    first_said: str | None
    last_said: str | None
    times: int
    towards: tuple[str, ...]
    said_by: tuple[str, ...]
    changes: tuple[Turn, ...]
    tellings: tuple[str, ...]
    sayings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Said:
    """A stance as one report brings it."""

    side: str
    stance: str
    day: str
    key: str
    text: str
    who: tuple[str, ...]
    towards: tuple[str, ...]
    telling: Telling | None
    saying: Saying | None

    @property
    def report(self) -> str:
        """The report that brings it."""
        one = self.saying or self.telling
        assert one is not None
        return one.report


def view(chronicle: Chronicle, *, today: datetime.date | None = None) -> tuple[Position, ...]:
    """Return the positions of a chronicle as of a day (absent: the last publication), by side and first day."""
    chronicle = seen_from(chronicle, today)
    sides = sides_of(chronicle.process)
    said = list(_said(chronicle, sides))
    texts = {one.key: one.text for one in said}
    topic = topics(texts, without=_names(chronicle))
    groups: defaultdict[tuple[str, str], list[_Said]] = defaultdict(list)
    for one in sorted(said, key=lambda one: (one.day, one.key)):
        groups[one.side, topic[one.key]].append(one)
    rows = (_position(side, name, group, chronicle.copies) for (side, name), group in groups.items())
    return tuple(sorted(rows, key=lambda row: (row.side, row.first_said or "", row.topic)))


def _said(chronicle: Chronicle, sides: Sides) -> Iterator[_Said]:
    """Yield stances: of statements, and of events that no such statement stands for; denials are none."""
    acts: Mapping[str, str] = settings("positions")["acts"]
    types: Mapping[str, str] = settings("positions")["types"]
    cue = saying_at(chronicle)
    at_cue = {saying: chronicle.tellings[telling] for telling, saying in sorted(cue.items(), reverse=True)}
    for saying in chronicle.sayings.values():
        if saying.act in acts and not _is_denial(saying, chronicle):
            telling = at_cue.get(saying.key)
            telling = telling if telling and telling.type in types else None
            yield from _of(sides, acts[saying.act], telling, saying, saying.content)
    for telling in chronicle.tellings.values():
        saying_there = chronicle.sayings.get(cue.get(telling.key, ""))
        covered = saying_there is not None and (saying_there.act in acts or saying_there.act == "deny")
        if telling.type in types and telling.status in DONE and not covered:
            text = saying_there.content if saying_there else _clause(chronicle, telling)
            yield from _of(sides, types[telling.type], telling, saying_there, text)


def _is_denial(saying: Saying, chronicle: Chronicle) -> bool:
    """True for what rejects somebody's account of what happened: that stands in the claims ledger."""
    answered = (chronicle.sayings[key] for key in saying.answers if key in chronicle.sayings)
    return saying.act == "reject" and any(one.act in ("accuse", "assert") for one in answered)


def _of(sides: Sides, stance: str, telling: Telling | None, saying: Saying | None, text: str) -> Iterator[_Said]:
    one = saying or telling
    assert one is not None
    speakers = saying.speakers if saying else telling.sources if telling else ()
    towards = (saying.addressees if saying else ()) or (telling.targets if telling else ())
    for side in sorted({name for party in speakers if (name := sides.member(party))}):
        who = tuple(sorted({party.who for party in speakers if sides.member(party) == side}))
        others = tuple(label for label in sides.labels(towards) if label != side)
        yield _Said(side, stance, (one.published or "")[:10], one.key, text, who, others, telling, saying)


def _clause(chronicle: Chronicle, telling: Telling) -> str:
    """Return the words around a telling's trigger, within its sentence, whole words only."""
    around = sentence(chronicle, telling)
    at = max(0, around.find(telling.words))
    begin = max(0, at - settings("positions")["before"])
    end = min(len(around), at + len(telling.words) + settings("positions")["after"])
    begin = around.find(" ", begin, at) + 1 if begin else 0
    return around[begin : around.rfind(" ", at, end) if end < len(around) and " " in around[at:end] else end].strip()


def _names(chronicle: Chronicle) -> frozenset[str]:
    """Return the words that name the sides and mediators, and their people: they say who, not what about."""
    process = chronicle.process
    members = (*process.sides, *process.mediators)
    every = {word for one in members for word in (one.name, *one.names)}
    parties = [party for telling in chronicle.tellings.values() for party in telling.parties]
    every.update(party.name for party in parties if party.kind in ("state", "person"))
    return frozenset(word for name in every for word in words_of(name))


def _position(side: str, topic: str, group: Sequence[_Said], copies: frozenset[str]) -> Position:
    held = [one for one in group if one.stance != REAFFIRMS] or list(group)
    last = held[-1]
    days = [one.day for one in group if one.day]
    return Position(
        side, topic, last.stance, last.text, days[0] if days else None, days[-1] if days else None,
        len({one.report for one in group} - copies) or 1,
        _every(name for one in group for name in one.towards), _every(name for one in group for name in one.who),
        tuple(_turn(a, b) for a, b in itertools.pairwise(held) if a.stance != b.stance and topic != OTHER),
        *_keys(group),
    )  # fmt: skip


def _turn(before: _Said, after: _Said) -> Turn:
    return Turn(after.day or None, before.stance, after.stance, before.text, after.text, *_keys((before, after)))


def _keys(group: Iterable[_Said]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    every = tuple(group)
    return (
        _every(one.telling.key for one in every if one.telling),
        _every(one.saying.key for one in every if one.saying),
    )


def _every(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))
