"""The claims ledger: who accuses whom of what, how often, and what speaks for and against it.

A claim comes from an act that only somebody's word stands behind (status "alleged"), from an accusation told as an
event, or from a statement that accuses. What one party says of the same act, or of acts of one type near in day and
place, is one claim.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pourparler.archive.asof import seen_from
from pourparler.archive.chronicle import Chronicle
from pourparler.archive.gathering import outlets_of
from pourparler.archive.told import Party, Saying, Telling
from pourparler.archive.views.answered import Asserted, Evidence, answered, countered, evidence, spot
from pourparler.archive.views.common import DONE, plain, sentence
from pourparler.archive.views.sides import Sides, days_apart, saying_at, settings, sides_of

ACCUSATION, OWN_ACT, ACCOUNT, CRITICISM = "accusation", "own act", "account", "criticism"


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim.

    ``kind``: "accusation" (a hostile act of another), "own act", "account" (another's act that is not hostile, or one
    whose doer is not named), "criticism" (a reproach without an act). ``accuser`` and ``accused`` are sides or
    mediators, else countries or names; "" where the reports name nobody. ``about`` are keys of the events claimed.
    ``times`` counts reports that repeat no other. ``denied_by``, ``confirmed_by`` name sides likewise;
    ``countered_by`` are keys of claims. ``evidence`` are the tellings and statements that deny or confirm.
    """

    key: str
    kind: str
    accuser: str
    accused: str
    type: str
    words: str
    content: str
    day: str | None
    place: str | None
    about: tuple[str, ...]
    first_said: str | None
    last_said: str | None
    times: int
    outlets: tuple[str, ...]
    standing: str
    denied_by: tuple[str, ...]
    confirmed_by: tuple[str, ...]
    countered_by: tuple[str, ...]
    said_by: tuple[str, ...]
    said_of: tuple[str, ...]
    evidence: tuple[str, ...]
    tellings: tuple[str, ...]
    sayings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A claim as one report brings it, by one accuser of one accused.

    ``day`` is that of the act, else of the report ("" where neither is known); ``spot`` where it was, in a form that
    can be compared: a claim without a place is compared by its words.
    """

    accuser: str
    accused: str
    kind: str
    type: str
    event: str | None
    telling: Telling | None
    saying: Saying | None
    accusation: Telling | None
    outside: bool
    said_by: tuple[str, ...]
    said_of: tuple[str, ...]
    day: str
    spot: str

    @property
    def one(self) -> Telling | Saying:
        """What says it: the telling of the act, else the statement, else the telling of the accusation."""
        return _first_of(self.telling, self.saying, self.accusation)


def view(chronicle: Chronicle, *, today: datetime.date | None = None) -> tuple[Claim, ...]:
    """Return the claims of a chronicle as of a day (absent: the last publication), by first day said and key."""
    chronicle = seen_from(chronicle, today)
    sides = sides_of(chronicle.process)
    said = list(_said(chronicle, sides))
    found = evidence(chronicle, sides, said)
    rows = [_claim(group, chronicle, found) for group in _grouped(said)]
    return tuple(sorted(countered(rows), key=lambda row: (row.first_said or "", row.key)))


def _said(chronicle: Chronicle, sides: Sides) -> Iterator[Said]:
    """Yield claims, each as one report brings it."""
    cue = saying_at(chronicle)
    accusing = {cue[key]: chronicle.tellings[key] for key in sorted(cue) if chronicle.tellings[key].type == "ACCUSE"}
    grounded = set()
    for telling in chronicle.tellings.values():
        if telling.status == "alleged":
            saying = chronicle.sayings.get(telling.saying or "")
            speakers = saying.speakers if saying else ()
            grounded.add(telling.saying)
            accusation = accusing.get(telling.saying or "")
            yield from _between(sides, speakers, telling.sources, telling, saying, accusation)
    for saying in chronicle.sayings.values():
        if saying.act == "accuse" and saying.key not in grounded:
            accusation = accusing.get(saying.key)
            against = (accusation.targets if accusation else ()) or saying.addressees
            yield from _between(sides, saying.speakers, against, None, saying, accusation)
    for telling in chronicle.tellings.values():
        said = chronicle.sayings.get(cue.get(telling.key, ""))
        told = said is not None and (said.key in grounded or said.act == "accuse")
        if telling.type == "ACCUSE" and telling.status in DONE and not told:
            yield from _between(sides, telling.sources, telling.targets, None, said, telling)


def _between(
    sides: Sides,
    speakers: Sequence[Party],
    doers: Sequence[Party],
    telling: Telling | None,
    saying: Saying | None,
    accusation: Telling | None,
) -> Iterator[Said]:
    """Yield a claim for each accuser and each accused; who accuses does not accuse itself beside others."""
    act = telling or accusation
    one = _first_of(telling, saying, accusation)
    day = ((act.day if act else None) or one.published or "")[:10]
    place = spot(telling) if telling else ""
    place = place or (f"words {plain(saying.content)}" if saying else f"alone {one.key}")
    for accuser in sides.labels(speakers) or ("",):
        doing = sides.labels(doers)
        others = [label for label in doing if label != accuser] or list(doing)
        for accused in others or [""]:
            yield Said(
                accuser, accused, _kind(accuser, accused, telling, accusation), telling.type if telling else "ACCUSE",
                act.event if act else None, telling, saying, accusation,
                sides.outside(speakers, accuser), sides.named(speakers, accuser), sides.named(doers, accused),
                day, place,
            )  # fmt: skip


def _first_of(*some: Telling | Saying | None) -> Telling | Saying:
    return next(one for one in some if one is not None)


def _kind(accuser: str, accused: str, telling: Telling | None, accusation: Telling | None) -> str:
    if telling is None:
        return CRITICISM if accusation and accusation.mode == "disapprove" else ACCUSATION
    if accused and accused == accuser:
        return OWN_ACT
    return ACCUSATION if accused and telling.score < 0 else ACCOUNT


def _grouped(every: list[Said]) -> list[list[Said]]:
    """Return claims in groups of one: of the same event, or of the same place so many days from the first."""
    days = settings("claims")["same_days"]
    order = sorted(every, key=lambda one: (one.day, one.one.published or "", one.one.key, one.accuser, one.accused))
    groups: list[list[Said]] = []
    by_event: dict[tuple[str, ...], list[Said]] = {}
    by_spot: dict[tuple[str, ...], list[Said]] = {}
    for one in order:
        who = (one.accuser, one.accused, one.kind, one.type)
        spot = (*who, one.spot)
        group = by_event.get((*who, one.event)) if one.event else None
        if group is None and (near := by_spot.get(spot)):
            between = days_apart(near[0].day, one.day)
            group = near if between is not None and between <= days else None
        if group is None:
            group = []
            groups.append(group)
        group.append(one)
        by_spot[spot] = group
        if one.event:
            by_event[(*who, one.event)] = group
    return groups


def _claim(group: list[Said], chronicle: Chronicle, found: Evidence) -> Claim:
    group = sorted(group, key=lambda one: (one.one.published or "", one.one.key))
    first = group[0]
    about = tuple(sorted({one.telling.event for one in group if one.telling}))
    keys = _keys(one.telling.key for one in group if one.telling)
    sayings = _keys(one.saying.key for one in group if one.saying)
    place = spot(first.telling) if first.telling else ""
    claim = Asserted(
        first.accuser,
        first.accused,
        first.type,
        first.day,
        place,
        lambda: _text(first, chronicle),
        about,
        keys,
        sayings,
    )
    verdict = answered(found, claim)
    said = sorted(one.one.published[:10] for one in group if one.one.published)
    news = [one.one for one in group if one.one.report not in chronicle.copies] or [first.one]
    tellings = (*keys, *(one.accusation.key for one in group if one.accusation))
    anchor = (first.telling or first.accusation or first.one).key
    words = first.telling or first.accusation
    return Claim(
        f"c{anchor}:{first.accuser}:{first.accused}", first.kind, first.accuser, first.accused, first.type,
        words.words if words else first.saying.cue if first.saying else "",
        first.saying.content if first.saying else "", first.day or None,
        next((one.telling.place for one in group if one.telling and one.telling.place), None), about,
        said[0] if said else None, said[-1] if said else None, len({one.report for one in news}),
        tuple(sorted({name for one in news for name in outlets_of(one.publisher, one.report)})),
        verdict.standing, verdict.denied_by, verdict.confirmed_by, (),
        _keys(name for one in group for name in one.said_by), _keys(name for one in group for name in one.said_of),
        verdict.evidence, _keys(tellings), sayings,
    )  # fmt: skip


def _text(said: Said, chronicle: Chronicle) -> str:
    act = said.telling or said.accusation
    passage = sentence(chronicle, act) if act else ""
    return f"{said.saying.content} {passage}" if said.saying else passage


def _keys(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))
