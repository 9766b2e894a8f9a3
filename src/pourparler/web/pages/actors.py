"""The actors pages: who takes part in a process, and all that reports tell of one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pourparler.archive.candidates import date_of
from pourparler.archive.chronicle import Chronicle
from pourparler.archive.process import Process
from pourparler.archive.views import actors
from pourparler.archive.views.actors import Actor
from pourparler.archive.views.common import DONE, plain
from pourparler.archive.views.timeline import Moment
from pourparler.knowledge import country_name
from pourparler.web.actor_lists import (
    GROUPS,
    KINDS,
    PARTS,
    Choice,
    Dealing,
    actor_path,
    dealings,
    events_of,
    href,
    spoken,
    titled,
    with_others,
)
from pourparler.web.grounds import Grounds, grounds, page_number, process_of
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
class Number:
    """A number, and the address of the list that has as many rows."""

    count: int
    href: str


@dataclass(frozen=True, slots=True)
class Row:
    """An actor in the list: with the title that most reports give it, and the address of its page.

    ``numbers`` are its events as fact, by claim only, and its statements.
    """

    actor: Actor
    country: str | None
    title: str | None
    href: str
    numbers: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """An edge of the network: the addresses of both ends, its events, and those of cooperation and of conflict."""

    edge: Dealing
    source_href: str
    target_href: str
    numbers: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class ActorsPage:
    """What the list shows; ``links`` are the heaviest edges, all in pages where ``links_turn`` is set."""

    process: Process
    find: str
    rows: tuple[Row, ...]
    turn: Turned
    links: tuple[Link, ...]
    links_turn: Turned | None
    links_all: Number
    total: int


@dataclass(frozen=True, slots=True)
class Office:
    """A title over time, drawn from ``x``, so wide, ``y`` down; ``reports`` give it."""

    title: str
    first: str | None
    last: str | None
    reports: Number
    x: float
    width: float
    y: int


@dataclass(frozen=True, slots=True)
class Mate:
    """Somebody with whom an actor takes part in facts: how many, those of cooperation and those of conflict."""

    name: str
    href: str
    numbers: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Events in which an actor has one part, the newest shown; ``facts`` are told as fact."""

    id: str
    title: str
    total: Number
    facts: Number
    moments: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A list that a number of the page leads to: of events, or of reports that give a title."""

    title: str
    turn: Turned
    moments: tuple[Moment, ...]
    words: Grounds | None


@dataclass(frozen=True, slots=True)
class ActorPage:
    """What the page of an actor shows; ``others`` are actors of the same name with another country.

    ``figures`` count its events as fact, by claim only, statements and partners; ``kinds`` those it did and had done
    to it by group of types. ``listed`` stands in place of ``parts`` where a number's list is asked for.
    """

    process: Process
    actor: Actor
    country: str | None
    figures: tuple[Number, ...]
    offices: tuple[Office, ...]
    high: int
    kinds: tuple[tuple[str, Number, Number], ...]
    mates: tuple[Mate, ...]
    mates_all: Number
    parts: tuple[Part, ...]
    listed: Listed | None
    statements: Grounds
    statements_turn: Turned | None
    others: tuple[Row, ...]
    href: str
    wide: int = _WIDE


@dataclass(frozen=True, slots=True)
class Asked:
    """Which list of an actor's page is asked for: events, reports that give a title, "statements" or "partners"."""

    events: Choice = field(default_factory=Choice)
    title: str = ""
    whole: str = ""
    number: int = 1


def routes() -> list[Route]:
    """Return the routes of these pages."""
    return [Route(PATH, show, methods=["GET"]), Route(f"{PATH}/{{name:path}}", show_one, methods=["GET"])]


@kept_page()
def show(request: Request) -> Response:
    """Show who takes part in a process."""
    process = process_of(request)
    find = request.query_params.get("find", "").strip()[:100]
    whole = request.query_params.get("all", "")
    context = actors_page(desk_of(request).chronicle(process), find=find, number=page_number(request), whole=whole)
    return page(request, "actors.html", shell(request, "Actors", "actors", process=process.name), context)


@kept_page()
def show_one(request: Request) -> Response:
    """Show one actor."""
    process = process_of(request)
    context = actor_page(
        desk_of(request).chronicle(process),
        request.path_params["name"],
        country=request.query_params.get("country"),
        asked=_asked(request),
    )
    around = shell(request, context.actor.name, "actors", process=process.name)
    return page(request, "actor.html", around, context)


def _asked(request: Request) -> Asked:
    """Return the list that an address asks for; parts and kinds that there are not leave all."""
    given = {name: request.query_params.get(name, "").strip()[:300] for name in ("with", "towards", "title", "all")}
    part, only = (request.query_params.get(name, "") for name in ("part", "only"))
    choice = Choice(
        part if part in PARTS else "", only if only in KINDS else "", given["with"], given["towards"]
    )  # fmt: skip
    return Asked(choice, given["title"], given["all"], page_number(request))


def actors_page(chronicle: Chronicle, *, find: str, number: int, whole: str = "") -> ActorsPage:
    """Return a page of the actors whose name or title has the words.

    Args:
        whole: "edges" for a page of all edges of the network in place of the heaviest.
    """
    process, every = chronicle.process, kept(chronicle, actors.view)
    found = [one for one in every if not find or _has(one, find)]
    asked = [("process", process.name), ("find", find)]
    edges, all_edges = tuple(dealings(chronicle).values()), whole == "edges"
    shown, turn = turned(found, number=1 if all_edges else number, most=_ROWS, path=PATH, asked=asked)
    of_edges = [("process", process.name), ("all", "edges")]
    links, links_turn = turned(edges, number=number if all_edges else 1, most=_EDGES, path=PATH, asked=of_edges)
    return ActorsPage(
        process,
        find,
        tuple(_row(one, process) for one in shown),
        turn,
        tuple(_link(one, process) for one in links),
        links_turn if all_edges else None,
        Number(len(edges), f"{PATH}?{urlencode(of_edges)}#edges"),
        len(every),
    )


def _link(edge: Dealing, process: Process) -> Link:
    numbers = _counted(edge, lambda only: href(process, edge.source, Choice(only=only, towards=edge.target)))
    return Link(edge, href(process, edge.source), href(process, edge.target), numbers)


def _counted(one: Dealing, at: Callable[[str], str]) -> tuple[Number, ...]:
    """Return how many events there are, of cooperation, and of conflict, each with the address that lists them."""
    counts = {"fact": len(one.events), "cooperation": one.cooperation, "conflict": one.conflict}
    return tuple(Number(count, at(only)) for only, count in counts.items())


def _has(actor: Actor, words: str) -> bool:
    wanted = plain(words).strip()
    return wanted in plain(f"{actor.name} {' '.join(one.title for one in actor.titles)}")


def _row(actor: Actor, process: Process) -> Row:
    title = max(actor.titles, key=lambda one: (one.times, one.last_seen or ""), default=None)
    country = country_name(actor.country) if actor.country else None
    own = href(process, actor.name, country=actor.country)
    return Row(actor, country, title.title if title else None, own, _numbers(actor, process)[:3])


def _numbers(actor: Actor, process: Process) -> tuple[Number, ...]:
    """Return how many events as fact, by claim only, statements and partners an actor has."""

    def at(choice: Choice | None = None, whole: str = "") -> str:
        return href(process, actor.name, choice, country=actor.country, whole=whole)

    return (
        Number(actor.events, at(Choice(only="fact"))),
        Number(actor.claimed, at(Choice(part="doing", only="claim"))),
        Number(actor.statements, at(whole="statements")),
        Number(len({one.name for one in actor.partners}), at(whole="partners")),
    )


def actor_page(
    chronicle: Chronicle, name: str, *, country: str | None = None, asked: Asked | None = None
) -> ActorPage:
    """Return the page of an actor; raises 404 where the process has none of that name.

    Args:
        country: alpha-3, tells actors of one name apart.
        asked: the list of the page that is shown whole; absent: none.
    """
    process, asked = chronicle.process, asked or Asked()
    named = [one for one in kept(chronicle, actors.view) if one.name == name]
    chosen = next((one for one in named if one.country == country), named[0] if named else None)
    if chosen is None:
        raise HTTPException(404, f"Nobody of the name {name[:100]!r} takes part in {process.title}.")
    listed = _listed(chronicle, chosen, asked)
    offices = _offices(chosen, process)
    figures = _numbers(chosen, process)
    statements, statements_turn = _statements(chronicle, chosen, asked, figures[2].href)
    mates = with_others(chronicle, chosen)
    return ActorPage(
        process,
        chosen,
        country_name(chosen.country) if chosen.country else None,
        figures,
        offices,
        _HIGH * len(offices),
        _kinds(chosen, process),
        tuple(_mate(chosen, one, process) for one in (mates if asked.whole == "partners" else mates[:_MOST])),
        figures[3],
        () if listed else tuple(_parts(chronicle, chosen)),
        listed,
        statements,
        statements_turn,
        tuple(_row(one, process) for one in named if one is not chosen),
        href(process, chosen.name, country=chosen.country),
    )


def _mate(actor: Actor, one: Dealing, process: Process) -> Mate:
    def at(only: str) -> str:
        return href(process, actor.name, Choice(only=only, beside=one.target), country=actor.country)

    return Mate(one.target, href(process, one.target), _counted(one, at))


def _kinds(actor: Actor, process: Process) -> tuple[tuple[str, Number, Number], ...]:
    """Return how many events of each group of types, told as fact, an actor did and had done to it."""
    counts = {
        part: {one.group: one.events for one in found}
        for part, found in (("doing", actor.as_source), ("done", actor.as_target))
    }

    def number(part: str, group: str) -> Number:
        at = href(process, actor.name, Choice(part=part, only=group), country=actor.country)
        return Number(counts[part].get(group, 0), at)

    return tuple((group, number("doing", group), number("done", group)) for group in GROUPS)


def _offices(actor: Actor, process: Process) -> tuple[Office, ...]:
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
        reports = Number(one.times, href(process, actor.name, country=actor.country, title=one.title))
        out.append(Office(one.title, one.first_seen, one.last_seen, reports, *where))
    return tuple(out)


def _parts(chronicle: Chronicle, actor: Actor) -> Iterator[Part]:
    """Yield the events of an actor as source, and those as target."""
    for id_, title in PARTS.items():
        rows = events_of(chronicle, actor, Choice(part=id_))
        facts = sum(one.status in DONE for one in rows)
        total, told = (
            Number(count, href(chronicle.process, actor.name, Choice(part=id_, only=only), country=actor.country))
            for count, only in ((len(rows), ""), (facts, "fact"))
        )
        if rows:
            yield Part(id_, title, total, told, tuple(rows[:_MOST]))


def _listed(chronicle: Chronicle, actor: Actor, asked: Asked) -> Listed | None:
    """Return the list of events or reports that is asked for; None where none is."""
    process, path = chronicle.process, actor_path(actor.name)
    pairs = [("process", process.name), ("country", actor.country or "")]
    if asked.title:
        keys = titled(chronicle, actor, asked.title)
        shown, turn = turned(keys, number=asked.number, most=_MOST, path=path, asked=[*pairs, ("title", asked.title)])
        return Listed(f"Reports that call it {asked.title}", turn, (), grounds(chronicle, shown, most=_MOST))
    if asked.events == Choice():
        return None
    rows = events_of(chronicle, actor, asked.events)
    moments, turn = turned(rows, number=asked.number, most=_MOST, path=path, asked=[*pairs, *asked.events.pairs()])
    return Listed(asked.events.words(), turn, tuple(moments), None)


def _statements(chronicle: Chronicle, actor: Actor, asked: Asked, whole: str) -> tuple[Grounds, Turned | None]:
    """Return the newest statements that an actor makes; a page of all where they are asked for."""
    keys = spoken(chronicle, actor)
    if asked.whole != "statements":
        return grounds(chronicle, keys, most=_MOST, newest=True, whole=whole), None
    pairs = [("process", chronicle.process.name), ("country", actor.country or ""), ("all", "statements")]
    shown, turn = turned(keys, number=asked.number, most=_MOST, path=actor_path(actor.name), asked=pairs)
    return grounds(chronicle, shown, most=_MOST, newest=True), turn
