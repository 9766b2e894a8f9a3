"""The actors pages: who takes part in a process, and all that reports tell of one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pourparler.archive.candidates import date_of
from pourparler.archive.chronicle import Chronicle
from pourparler.archive.process import Process
from pourparler.archive.told import Party
from pourparler.archive.views import actors, timeline
from pourparler.archive.views.actors import Actor, Edge
from pourparler.archive.views.common import plain
from pourparler.archive.views.timeline import Moment
from pourparler.knowledge import country_name
from pourparler.web.grounds import Grounds, actor_href, grounds, page_number, process_of
from pourparler.web.kept_pages import kept_page
from pourparler.web.kept_views import kept
from pourparler.web.render import page, shell
from pourparler.web.state import desk_of
from pourparler.web.turning import Turned, turned

PATH = "/actors"
_ROWS, _EDGES, _MOST = 60, 60, 40
# Units of the drawing of titles over time; its text stands in the table beside it.
_WIDE, _HIGH, _NARROW = 600, 14, 5.0


@dataclass(frozen=True, slots=True)
class Row:
    """An actor in the list: with the title that most reports give it and the address of its page."""

    actor: Actor
    country: str | None
    title: str | None
    href: str


@dataclass(frozen=True, slots=True)
class Link:
    """An edge of the network, with the addresses of both ends and of the events it stands for."""

    edge: Edge
    source_href: str
    target_href: str
    together: str


@dataclass(frozen=True, slots=True)
class ActorsPage:
    """What the list shows; ``links`` are the heaviest edges, ``links_left`` how many more there are."""

    process: Process
    find: str
    rows: tuple[Row, ...]
    turn: Turned
    links: tuple[Link, ...]
    links_left: int
    total: int


@dataclass(frozen=True, slots=True)
class Office:
    """A title over time, drawn from ``x``, so wide, ``y`` down."""

    title: str
    first: str | None
    last: str | None
    times: int
    x: float
    width: float
    y: int


@dataclass(frozen=True, slots=True)
class Mate:
    """Somebody with whom an actor takes part in events; ``together`` is the address that lists these."""

    name: str
    href: str
    together: str
    events: int
    cooperation: int
    conflict: int


@dataclass(frozen=True, slots=True)
class Part:
    """Events in which an actor has one part, newest first; ``left`` are not shown, ``facts`` told as fact."""

    id: str
    title: str
    total: int
    facts: int
    moments: tuple[Moment, ...]
    left: int


@dataclass(frozen=True, slots=True)
class ActorPage:
    """What the page of an actor shows; ``others`` are actors of the same name with another country."""

    process: Process
    actor: Actor
    country: str | None
    offices: tuple[Office, ...]
    high: int
    mates: tuple[Mate, ...]
    mates_left: int
    parts: tuple[Part, ...]
    statements: Grounds
    others: tuple[Row, ...]
    beside: str
    href: str
    wide: int = _WIDE


def routes() -> list[Route]:
    """Return the routes of these pages."""
    return [Route(PATH, show, methods=["GET"]), Route(f"{PATH}/{{name:path}}", show_one, methods=["GET"])]


@kept_page()
def show(request: Request) -> Response:
    """Show who takes part in a process."""
    process = process_of(request)
    find = request.query_params.get("find", "").strip()[:100]
    context = actors_page(desk_of(request).chronicle(process), find=find, number=page_number(request))
    return page(request, "actors.html", shell(request, "Actors", "actors", process=process.name), context)


@kept_page()
def show_one(request: Request) -> Response:
    """Show one actor."""
    process = process_of(request)
    context = actor_page(
        desk_of(request).chronicle(process),
        request.path_params["name"],
        country=request.query_params.get("country"),
        beside=request.query_params.get("with", "").strip()[:300],
    )
    around = shell(request, context.actor.name, "actors", process=process.name)
    return page(request, "actor.html", around, context)


def actors_page(chronicle: Chronicle, *, find: str, number: int) -> ActorsPage:
    """Return a page of the actors whose name or title has the words."""
    process, every = chronicle.process, kept(chronicle, actors.view)
    found = [one for one in every if not find or _has(one, find)]
    asked = [("process", process.name), ("find", find)]
    shown, turn = turned(found, number=number, most=_ROWS, path=PATH, asked=asked)
    edges = kept(chronicle, actors.edges)
    return ActorsPage(
        process,
        find,
        tuple(_row(one, process) for one in shown),
        turn,
        tuple(_link(one, process) for one in edges[:_EDGES]),
        max(0, len(edges) - _EDGES),
        len(every),
    )


def _link(edge: Edge, process: Process) -> Link:
    source, target = actor_href(process, edge.source), actor_href(process, edge.target)
    return Link(edge, source, target, together(process, edge.source, edge.target))


def _has(actor: Actor, words: str) -> bool:
    wanted = plain(words).strip()
    return wanted in plain(f"{actor.name} {' '.join(one.title for one in actor.titles)}")


def _row(actor: Actor, process: Process) -> Row:
    title = max(actor.titles, key=lambda one: (one.times, one.last_seen or ""), default=None)
    country = country_name(actor.country) if actor.country else None
    href = f"{actor_href(process, actor.name)}{'&' + urlencode({'country': actor.country}) if actor.country else ''}"
    return Row(actor, country, title.title if title else None, href)


def actor_page(chronicle: Chronicle, name: str, *, country: str | None = None, beside: str = "") -> ActorPage:
    """Return the page of an actor; raises 404 where the process has none of that name.

    Args:
        country: alpha-3, tells actors of one name apart.
        beside: only events in which an actor of this name takes part too.
    """
    process = chronicle.process
    named = [one for one in kept(chronicle, actors.view) if one.name == name]
    chosen = next((one for one in named if one.country == country), named[0] if named else None)
    if chosen is None:
        raise HTTPException(404, f"Nobody of the name {name[:100]!r} takes part in {process.title}.")
    mates = tuple(
        Mate(
            one.name, actor_href(process, one.name), together(process, chosen.name, one.name),
            one.events, one.cooperation, one.conflict,
        )
        for one in chosen.partners[:_MOST]
    )  # fmt: skip
    offices = _offices(chosen)
    return ActorPage(
        process,
        chosen,
        country_name(chosen.country) if chosen.country else None,
        offices,
        _HIGH * len(offices),
        mates,
        max(0, len(chosen.partners) - _MOST),
        _parts(chronicle, chosen, beside),
        grounds(chronicle, _spoken(chronicle, chosen), most=_MOST),
        tuple(_row(one, process) for one in named if one is not chosen),
        beside,
        _row(chosen, process).href,
    )


def together(process: Process, name: str, other: str) -> str:
    """Return the address that lists the events in which two actors take part."""
    return f"{actor_href(process, name)}&{urlencode({'with': other})}#events"


def _offices(actor: Actor) -> tuple[Office, ...]:
    """Return the titles over time; a title seen on one day is as wide as can be seen."""
    seen = [(date_of(one.first_seen), date_of(one.last_seen)) for one in actor.titles]
    days = sorted(day for pair in seen for day in pair if day)
    scale = _WIDE / max(1, (days[-1] - days[0]).days) if days else 1.0
    out = []
    for at, (one, (first, last)) in enumerate(zip(actor.titles, seen, strict=True)):
        begin = (first - days[0]).days * scale if first else 0.0
        wide = max(_NARROW, (last - first).days * scale if first and last else 0.0)
        x = min(begin, _WIDE - wide)
        where = round(x, 1), round(wide, 1), at * _HIGH
        out.append(Office(one.title, one.first_seen, one.last_seen, one.times, *where))
    return tuple(out)


def _is(actor: Actor, party: Party) -> bool:
    """True where a party is the actor, as views/actors.py joins names: full, last name alone, a country's troops."""
    if party.country and actor.country and party.country != actor.country:
        return False
    if party.kind == "group" and party.sector == "MIL" and party.country:
        return actor.kind == "group" and party.country == actor.country
    name, own = plain(party.who), plain(actor.name)
    return name == own or (name.strip() == own.split()[-1] if own.split() else False)


def _parts(chronicle: Chronicle, actor: Actor, beside: str) -> tuple[Part, ...]:
    """Return the events of an actor as source, as target, and those where only its part is not clear."""
    others = [one for one in kept(chronicle, actors.view) if one.name == beside]
    within = {chronicle.tellings[key].event for one in others for key in one.tellings}
    moments = {one.event: one for one in kept(chronicle, timeline.view)}
    roles: defaultdict[str, set[str]] = defaultdict(set)
    for key in actor.tellings:
        telling = chronicle.tellings[key]
        if beside and telling.event not in within:
            continue
        found = {party.role for party in telling.parties if _is(actor, party)} & {"source", "target"}
        roles[telling.event] |= found
    groups = (
        ("doing", "What it did", [key for key, role in roles.items() if "source" in role]),
        ("done", "What was done to it", [key for key, role in roles.items() if "target" in role]),
        ("part", "Took part under another name", [key for key, role in roles.items() if not role]),
    )
    return tuple(_part(id_, title, keys, moments) for id_, title, keys in groups if keys)


def _part(id_: str, title: str, keys: Iterable[str], moments: dict[str, Moment]) -> Part:
    rows = [moments[key] for key in keys if key in moments]
    rows.sort(key=lambda one: (one.day or "", one.weight, one.event), reverse=True)
    facts = sum(one.status in ("happened", "ongoing") for one in rows)
    return Part(id_, title, len(rows), facts, tuple(rows[:_MOST]), max(0, len(rows) - _MOST))


def _spoken(chronicle: Chronicle, actor: Actor) -> Sequence[str]:
    """Return the statements that an actor makes, newest first."""
    found = [chronicle.sayings[key] for key in actor.sayings if key in chronicle.sayings]
    spoken = [one for one in found if any(_is(actor, party) for party in one.speakers)]
    spoken.sort(key=lambda one: (one.published or "", one.key), reverse=True)
    return [one.key for one in spoken]
