"""What the numbers on an actor's page count: its events by part and kind, and the reports that give it a title."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from pourparler.archive.chronicle import Chronicle
from pourparler.archive.process import Process
from pourparler.archive.views import actors, timeline
from pourparler.archive.views.actors import Actor, Sighting, known_in
from pourparler.archive.views.common import DONE, plain
from pourparler.archive.views.timeline import Moment
from pourparler.codebook import load
from pourparler.web.kept_views import kept

# What an actor may have in an event, as an address and as the page call it.
PARTS = {"doing": "What it did", "done": "What was done to it"}
_ROLES = {"doing": "source", "done": "target"}
# Groups of types, as views/actors.py counts them, each with PLOVER's quad.
GROUPS = {"verbal cooperation": 1, "material cooperation": 2, "verbal conflict": 3, "material conflict": 4}
_FACTS: Mapping[str, Callable[[Moment], bool]] = {
    "fact": lambda one: True,
    "cooperation": lambda one: one.score > 0,
    "conflict": lambda one: one.score < 0,
}
KINDS = ("claim", *_FACTS, *GROUPS)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which of an actor's events are asked for; what is "" leaves all.

    ``part`` is one of PARTS, ``only`` one of KINDS. ``beside`` and ``towards`` name another actor: with ``beside``
    these are the facts that count as between the two, with ``towards`` those that count as done to it by this one.
    """

    part: str = ""
    only: str = ""
    beside: str = ""
    towards: str = ""

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return the parameters of an address that ask for these events; those that leave all are empty."""
        return ("part", self.part), ("only", self.only), ("with", self.beside), ("towards", self.towards)

    def words(self) -> str:
        """Return in words which events these are."""
        only = {"fact": "told as fact", "claim": "by claim only"}.get(self.only, self.only)
        between = (f"with {self.beside}" if self.beside else "", f"towards {self.towards}" if self.towards else "")
        told = only or ("told as fact" if any(between) else "")
        return ", ".join(filter(None, (PARTS.get(self.part, "Events"), *between, told)))


def actor_path(name: str) -> str:
    """Return the path of an actor's page."""
    return f"/actors/{quote(name, safe='')}"


def href(
    process: Process,
    name: str,
    choice: Choice | None = None,
    *,
    country: str | None = None,
    title: str = "",
    whole: str = "",
) -> str:
    """Return the address of an actor's page, or of a list on it.

    Args:
        choice: of the list of these events.
        country: alpha-3, tells actors of one name apart.
        title: of the list of reports that give it this title.
        whole: "statements" or "partners": of the list of all of them.
    """
    pairs = [("process", process.name), ("country", country), *(choice.pairs() if choice else ())]
    query = urlencode([(k, v) for k, v in (*pairs, ("title", title), ("all", whole)) if v])
    at = "events" if choice or title else whole
    return f"{actor_path(name)}?{query}{f'#{at}' if at else ''}"


@dataclass(frozen=True, slots=True)
class Dealing:
    """What passed between actors as fact: keys of ``events``, how many are cooperation and conflict, and when.

    Actors are told by their names here: two of one name, one of them of no known country, are one.
    """

    source: str
    target: str
    events: frozenset[str]
    cooperation: int
    conflict: int
    first: str | None
    last: str | None


def dealings(chronicle: Chronicle) -> Mapping[tuple[str, str], Dealing]:
    """Return what each actor did to each other, by their names, the most events first; made once for a chronicle."""
    return kept(chronicle, _dealings, last=False)


def _dealings(chronicle: Chronicle) -> Mapping[tuple[str, str], Dealing]:
    between: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for one in kept(chronicle, actors.edges):
        told = (chronicle.tellings[key].event for key in one.tellings if key in chronicle.tellings)
        between[one.source, one.target].update(told)
    order = sorted(between, key=lambda pair: (-len(between[pair]), pair))
    return {pair: _dealing(chronicle, *pair, between[pair]) for pair in order}


def _dealing(chronicle: Chronicle, source: str, target: str, keys: AbstractSet[str]) -> Dealing:
    moments = kept(chronicle, _by_key, last=False)
    found = [moments[key] for key in keys]
    days = sorted(one.day for one in found if one.day)
    return Dealing(
        source, target, frozenset(keys), sum(one.score > 0 for one in found), sum(one.score < 0 for one in found),
        days[0] if days else None, days[-1] if days else None,
    )  # fmt: skip


def _by_key(chronicle: Chronicle) -> Mapping[str, Moment]:
    return {one.event: one for one in kept(chronicle, timeline.view)}


def with_others(chronicle: Chronicle, actor: Actor) -> list[Dealing]:
    """Return what an actor and each of its partners did to each other, the most events first."""
    own = _roles(chronicle, actor).keys()
    names = dict.fromkeys(one.name for one in actor.partners)
    found = [_dealing(chronicle, actor.name, name, own & both_ways(chronicle, actor.name, name)) for name in names]
    return sorted(found, key=lambda one: (-len(one.events), one.target))


def both_ways(chronicle: Chronicle, name: str, other: str) -> frozenset[str]:
    """Return the keys of the facts between two actors, whoever did them: what a ``Choice`` with ``beside`` lists."""
    every, nothing = dealings(chronicle), frozenset[str]()
    ways = (every.get(pair) for pair in ((name, other), (other, name)))
    return nothing.union(*(one.events for one in ways if one))


def events_of(chronicle: Chronicle, actor: Actor, choice: Choice) -> list[Moment]:
    """Return the events of an actor that are asked for, newest first."""
    role = _ROLES.get(choice.part)
    keys = {key for key, roles in _roles(chronicle, actor).items() if role is None or role in roles}
    if choice.beside:
        keys &= both_ways(chronicle, actor.name, choice.beside)
    if choice.towards:
        found = dealings(chronicle).get((actor.name, choice.towards))
        keys = set(found.events) if found else set()
    moments = kept(chronicle, _by_key, last=False)
    rows = [moments[key] for key in keys if _is_one(choice.only, moments[key])]
    return sorted(rows, key=lambda one: (one.day or "", one.weight, one.event), reverse=True)


def _is_one(only: str, moment: Moment) -> bool:
    if only in ("", "claim"):
        return not only or moment.status == "alleged"
    if moment.status not in DONE:
        return False
    return _FACTS[only](moment) if only in _FACTS else load().types[moment.type].quad == GROUPS.get(only)


def _roles(chronicle: Chronicle, actor: Actor) -> Mapping[str, set[str]]:
    """Return, for each event that tells of an actor, whether it is "source", "target" or both."""
    roles: defaultdict[str, set[str]] = defaultdict(set)
    for one in _seen(chronicle, actor):
        if one.party.role in ("source", "target"):
            roles[chronicle.tellings[one.key].event].add(one.party.role)
    return roles


def spoken(chronicle: Chronicle, actor: Actor) -> list[str]:
    """Return the keys of the statements that an actor makes, newest first."""
    found = {(one.day, one.key) for one in _seen(chronicle, actor) if one.party.role == "speaker"}
    return [key for _, key in sorted(found, reverse=True)]


def titled(chronicle: Chronicle, actor: Actor, title: str) -> list[str]:
    """Return, for each report that gives an actor a title, the key of the words that do, by day of publication."""
    wanted = plain(title)
    first: dict[str, tuple[str, str]] = {}
    for one in _seen(chronicle, actor):
        # An office alone, whose holder is known, is a title too.
        if plain(one.party.title or (one.party.name if one.party.holder else "")) == wanted:
            first.setdefault(one.report, (one.day, one.key))
    return [key for _, key in sorted(first.values())]


def _seen(chronicle: Chronicle, actor: Actor) -> Sequence[Sighting]:
    """Return every place that names an actor, as the view joins its names."""
    return kept(chronicle, _by_name, last=False).get((actor.name, actor.country), ())


def _by_name(chronicle: Chronicle) -> Mapping[tuple[str, str | None], Sequence[Sighting]]:
    return {(one.name, one.who[1] or None): one.seen for one in known_in(chronicle).values()}
