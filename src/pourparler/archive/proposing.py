"""Proposing a process: from what the archive holds of a conflict, a draft of its file, for a person to edit."""

from __future__ import annotations

import datetime
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from pourparler.archive.distinctive import places_of, words_of_reports
from pourparler.archive.process import Member, Process
from pourparler.archive.search import fold, normal
from pourparler.archive.store import Archive
from pourparler.archive.units import Act, Unit, acts_of
from pourparler.archive.views.sides import settings
from pourparler.errors import ProcessError
from pourparler.knowledge import countries_in, country_name, known_actor

_TALKS = frozenset({"CONSULT", "AGREE"})
_CODE = re.compile(r"\b[A-Z]{3}\b")


def propose(
    archive: Archive,
    *,
    about: str | None,
    countries: Sequence[str] = (),
    since: datetime.date | None = None,
    known: Sequence[Process] = (),
) -> Process:
    """Return a process proposed from an archive; ``process.dumps`` makes its file.

    ``about`` holds names or alpha-3 codes of countries, and words to search for; ``countries`` are more codes. Two or
    more countries are the sides; of one, the other side is whom it has most conflict with, each way; of none, the two
    who have most. Without ``about`` and ``countries`` that is over the whole archive, pairs of ``known`` processes
    left out. ``since`` sets the first day. Raises ProcessError where no two sides are found.
    """
    named, words = _asked(about or "", countries)
    with archive.reading() as connection:
        acts = acts_of(connection, named, words)
        sides = _sides(acts, named, None if named or words else known)
        both = [act for act in acts if sum(side in act.units for side in sides) > 1]
        reports = _reports(acts, sides)
        near = [act for act in acts if act.report in reports]
        members = _members(sides, acts, near)
        return Process(
            name="-".join(re.sub(r"[^a-z0-9]+", "-", normal(side.shown)) for side in sides),
            title=" and ".join(side.shown for side in sides),
            sides=members,
            mediators=_mediators(near, sides),
            places=places_of(connection, Counter(act.place for act in near if act.place), _codes(sides)),
            words=words_of_reports(connection, reports, [side.shown for side in sides]),
            since=since or _since(act.month for act in both),
        )


def _asked(about: str, countries: Sequence[str]) -> tuple[list[str], str]:
    """Return the countries that a query names, in its order, and the words left."""
    for code in countries:
        if country_name(code) is None:
            raise ProcessError(f"{code!r} is no country. Give alpha-3 codes of ISO 3166-1, such as ARM")
    text = about if about != about.lower() else about.title()
    spans = [(found.start(), found.end(), found[0]) for found in _CODE.finditer(about) if country_name(found[0])]
    spans += [(one.start, one.end, one.alpha3) for one in countries_in(text)]
    rest = list(about)
    for start, end, _ in spans:
        rest[start:end] = " " * (end - start)
    named = [code for _, _, code in sorted(spans)] + list(countries)
    words = [word for word in "".join(rest).split() if normal(word) not in ("", "and", "s", "the")]
    return list(dict.fromkeys(named)), " ".join(words)


def _sides(acts: Sequence[Act], named: Sequence[str], known: Sequence[Process] | None) -> tuple[Unit, ...]:
    """Return the sides: the countries asked for, or the pair that has most conflict, each way.

    ``known`` is None where something was asked: then any conflict will do.
    """
    wanted = [Unit(code, "") for code in named]
    if len(wanted) > 1:
        return tuple(wanted)
    taken = {_pair_of(process) for process in known or ()}
    rule = settings("proposing")
    for most in (rule["deeds"], 0.0):  # deeds of conflict first; where there are none, words too
        pairs = {
            pair: ways
            for pair, ways in _conflicts(acts, most).items()
            if frozenset(map(_home, pair)) not in taken and set(wanted) <= set(pair)
        }
        mutual = {pair: ways for pair, ways in pairs.items() if min(ways) >= rule["least"]}
        if mutual := mutual or (pairs if known is None else {}):
            pair = min(mutual, key=lambda pair: (-mutual[pair][0] * mutual[pair][1], -sum(mutual[pair]), pair))
            return tuple(sorted(pair, key=lambda unit: (unit not in wanted, unit)))
    raise ProcessError(
        "no two sides that act on each other were found. Name two countries, add reports, or write the file by hand"
    )


def _pair_of(process: Process) -> frozenset[str]:
    return frozenset(
        _home(Unit(side.countries[0], "") if side.countries else Unit("", side.names[0]))
        for side in process.sides[:2]
    )


def _conflicts(acts: Iterable[Act], most: float) -> Mapping[tuple[Unit, Unit], tuple[int, int]]:
    """Return how often each pair acts on each other with less intensity than ``most``: the first on the other, and
    back; one of a pair is a country."""
    counts: Counter[tuple[Unit, Unit]] = Counter()
    for act in acts:
        if act.score < most:
            counts.update(set(act.pairs()))
    pairs = {(min(a, b), max(a, b)) for a, b in counts}
    return {(a, b): (counts[a, b], counts[b, a]) for a, b in pairs if a.country or b.country}


def _reports(acts: Iterable[Act], sides: Sequence[Unit]) -> frozenset[str]:
    """Return the reports in which at least two of the sides take part in something."""
    seen: defaultdict[str, set[Unit]] = defaultdict(set)
    for act in acts:
        seen[act.report].update(act.units & set(sides))
    return frozenset(report for report, units in seen.items() if len(units) > 1)


def _members(sides: Sequence[Unit], acts: Sequence[Act], near: Sequence[Act]) -> tuple[Member, ...]:
    """Return the sides, those with names first: a name decides before the country that a report takes it for."""
    names = _names(sides, acts, near)
    members = [_member(side, names[side]) for side in sides]
    return tuple(sorted(members, key=lambda member: not member.names))


def _member(unit: Unit, others: Sequence[Unit] = ()) -> Member:
    """Return the side or mediator of a unit and other names; a name in which another one stands adds nothing."""
    every = [one.name for one in (unit, *others) if one.name]
    bare = {name: f" {fold(name)} " for name in every}
    names = [name for name in every if not any(other in bare[name] for other in bare.values() if other != bare[name])]
    return Member(unit.shown, (unit.country,) if unit.country else (), tuple(names))


def _names(sides: Sequence[Unit], acts: Sequence[Act], near: Sequence[Act]) -> dict[Unit, list[Unit]]:
    """Return, for each of two sides, the actors that fight the other side and not it, and hardly anybody else.

    Most of what they do stands in reports on both sides (``near``), but for what reports take for a part of the other
    side's country: where that fights it, it is the conflict itself.
    """
    out: dict[Unit, list[Unit]] = {side: [] for side in sides}
    if len(sides) != 2:
        return out
    rule = settings("proposing")
    against: Counter[frozenset[Unit]] = Counter()
    for act in acts:
        # A fight of both sides says of nobody else whose friend they are.
        if act.score < rule["deeds"] and not set(sides) <= frozenset().union(*act.sources):
            against.update({frozenset(pair) for pair in act.pairs()})
    fights: Counter[Unit] = Counter()
    for pair, count in against.items():
        fights.update(dict.fromkeys(pair, count))
    every, here = (Counter(unit for act in some for unit in act.units) for some in (acts, near))
    for side, other in (sides, sides[::-1]):
        found = [
            unit
            for unit in fights
            if unit.name and unit not in sides and _country(unit) in (None, other.country) and not _derived(unit.name)
            and (count := against[frozenset((unit, other))]) >= rule["name_tellings"]
            and count >= rule["name_most"] * fights[unit]
            and (_country(unit) == other.country or here[unit] >= rule["name_near"] * every[unit])
            and against[frozenset((unit, side))] <= rule["name_share"] * count
        ]  # fmt: skip
        out[side] = sorted(found, key=lambda unit: (-fights[unit], unit))
    return out


def _derived(name: str) -> bool:
    """True for a name made from another's that is known: "fighters of" somebody."""
    words = name.split()
    return len(words) > 1 and any(known_actor(word) for word in words)


def _home(unit: Unit) -> str:
    """Return the country of a unit, of a known group too, else its name: with it, a pair is no other process."""
    return unit.country or _country(unit) or unit.name


def _country(unit: Unit) -> str | None:
    actor = known_actor(unit.name)
    return actor.country if actor else None


def _codes(sides: Iterable[Unit]) -> frozenset[str]:
    return frozenset(side.country for side in sides if side.country)


def _mediators(acts: Sequence[Act], sides: Sequence[Unit]) -> tuple[Member, ...]:
    """Return the third parties that take part in talks or agreements with two sides, most reports first."""
    rule = settings("proposing")
    reports: defaultdict[Unit, set[str]] = defaultdict(set)
    partners: defaultdict[Unit, set[Unit]] = defaultdict(set)
    for act in acts:
        present = act.units & set(sides)
        if act.type in _TALKS and present and len(act.sources) <= rule["mediator_talks"]:
            for unit in act.units - set(sides):
                if unit.country or _is_a_body(unit.name):
                    reports[unit].add(act.report)
                    partners[unit] |= present
    least = rule["mediator_share"] * len({act.report for act in acts})
    third = [unit for unit in reports if len(reports[unit]) >= least and len(partners[unit]) > 1]
    third.sort(key=lambda unit: (-len(reports[unit]), unit))
    return tuple(_member(unit) for unit in third[: rule["mediators"]])


def _is_a_body(name: str) -> bool:
    """True for a known body of no country: the United Nations, not a ministry, not officials of a side."""
    actor = known_actor(name)
    return actor is not None and actor.country is None and actor.kind == "organization"


def _since(months: Iterable[str]) -> datetime.date | None:
    """Return the first day of the first month in whose year events are regular; None without any month."""
    numbers = sorted({int(month[:4]) * 12 + int(month[5:7]) - 1 for month in months if month})
    enough = settings("proposing")["months"]
    for at, number in enumerate(numbers):
        if sum(other < number + 12 for other in numbers[at : at + 12]) >= enough:
            return datetime.date(number // 12, number % 12 + 1, 1)
    return datetime.date(numbers[0] // 12, numbers[0] % 12 + 1, 1) if numbers else None
