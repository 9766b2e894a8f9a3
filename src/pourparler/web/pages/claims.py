"""The claims page: who accuses whom of what, in whose words, and what speaks for and against it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pourparler.archive.chronicle import Chronicle
from pourparler.archive.process import Process
from pourparler.archive.views import claims
from pourparler.archive.views.claims import Claim
from pourparler.web.claim_matrix import NOBODY, REST, Matrix, matrix, own_lines
from pourparler.web.grounds import Grounds, anchor, grounds, page_number, process_of
from pourparler.web.kept_pages import kept_page
from pourparler.web.kept_views import kept
from pourparler.web.render import page, shell
from pourparler.web.state import desk_of
from pourparler.web.turning import Turned, turned

PATH = "/claims"
_ROWS = 40


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for; "" asks for all, "-" for nobody named, "*" for those without a line in the matrix."""

    accuser: str
    accused: str
    standing: str
    key: str


@dataclass(frozen=True, slots=True)
class Answering:
    """A claim that answers another: what it says, and its address."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A claim with its words; ``against`` are the words that deny or confirm it, ``answers`` statements answering it.

    ``about`` are addresses of the events claimed.
    """

    claim: Claim
    id: str
    href: str
    words: Grounds
    against: Grounds
    answers: Grounds
    counters: tuple[Answering, ...]
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A standing, how many claims have it, and the address that lists them."""

    label: str
    count: int
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ClaimsPage:
    """What the page shows. ``matrix`` is of all claims, ``entries`` of those asked for, newest first."""

    process: Process
    asked: Asked
    total: int
    matrix: Matrix
    standings: tuple[Standing, ...]
    entries: tuple[Entry, ...]
    turn: Turned
    all_href: str


def routes() -> list[Route]:
    """Return the routes of this page."""
    return [Route(PATH, show, methods=["GET"])]


@kept_page()
def show(request: Request) -> Response:
    """Show the claims that fit the address."""
    process = process_of(request)
    params = request.query_params
    asked = Asked(*(params.get(name, "").strip()[:300] for name in ("accuser", "accused", "standing", "key")))
    context = claims_page(desk_of(request).chronicle(process), asked, number=page_number(request))
    return page(request, "claims.html", shell(request, "Claims", "claims", process=process.name), context)


def claims_page(chronicle: Chronicle, asked: Asked, *, number: int) -> ClaimsPage:
    """Return a page of the claims of a chronicle that fit."""
    process = chronicle.process
    every = kept(chronicle, claims.view)
    fitting = _fitting(every, asked, process)
    newest = sorted(fitting, key=lambda row: (row.last_said or "", row.first_said or "", row.key), reverse=True)
    shown, turn = turned(newest, number=number, most=_ROWS, path=PATH, asked=_pairs(process, asked))
    by_key = {row.key: row for row in every}
    answers = _answers(chronicle)
    return ClaimsPage(
        process,
        asked,
        len(every),
        matrix(every, process),
        _standings(every, process, asked),
        tuple(_entry(row, chronicle, by_key, answers) for row in shown),
        turn,
        f"{PATH}?{urlencode({'process': process.name})}",
    )


def _pairs(process: Process, asked: Asked) -> list[tuple[str, str]]:
    pairs = [("process", process.name), ("accuser", asked.accuser), ("accused", asked.accused)]
    return [*pairs, ("standing", asked.standing), ("key", asked.key)]


def _fitting(every: Sequence[Claim], asked: Asked, process: Process) -> list[Claim]:
    own = {
        "accuser": frozenset(own_lines((row.accuser for row in every), process)),
        "accused": frozenset(own_lines((row.accused for row in every), process)),
    }

    def fits(name: str, wanted: str, field: str) -> bool:
        if wanted == REST:
            return (name or NOBODY) not in own[field]
        return not wanted or (name or NOBODY) == wanted

    return [
        row
        for row in every
        if fits(row.accuser, asked.accuser, "accuser")
        and fits(row.accused, asked.accused, "accused")
        and asked.standing in ("", row.standing)
        and asked.key in ("", row.key)
    ]


def _standings(every: Sequence[Claim], process: Process, asked: Asked) -> tuple[Standing, ...]:
    """Return how many claims stand how, of the accuser and accused that are asked for."""
    here = _fitting(every, Asked(asked.accuser, asked.accused, "", ""), process)
    counts = Counter(row.standing for row in here)
    out = []
    for name, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])):
        pairs = _pairs(process, Asked(asked.accuser, asked.accused, "" if name == asked.standing else name, ""))
        query = urlencode([(k, v) for k, v in pairs if v])
        out.append(Standing(name, count, f"{PATH}?{query}#ledger", name == asked.standing))
    return tuple(out)


def _answers(chronicle: Chronicle) -> Mapping[str, list[str]]:
    """Return, for each statement, the keys of those that answer it."""
    out: defaultdict[str, list[str]] = defaultdict(list)
    for saying in chronicle.sayings.values():
        for key in saying.answers:
            out[key].append(saying.key)
    return out


def _entry(row: Claim, chronicle: Chronicle, by_key: Mapping[str, Claim], answers: Mapping[str, list[str]]) -> Entry:
    query = urlencode({"process": chronicle.process.name})
    # A statement that is evidence already, or is the claim itself, is no further answer.
    told = {*row.sayings, *row.evidence}
    answering = [key for saying in row.sayings for key in answers.get(saying, ()) if key not in told]
    keys = (*row.tellings, *(key for key in row.sayings if not _is_ground(key, row, chronicle)))
    return Entry(
        row,
        anchor(row.key),
        f"{PATH}?{query}&{urlencode({'key': row.key})}#ledger",
        grounds(chronicle, keys),
        grounds(chronicle, row.evidence),
        grounds(chronicle, answering),
        tuple(_counter(by_key[key], chronicle.process) for key in row.countered_by if key in by_key),
        tuple(f"/event/{key}?{query}" for key in row.about),
    )


def _is_ground(saying: str, row: Claim, chronicle: Chronicle) -> bool:
    """True where a telling of the claim stands in this statement: then its passage shows the statement already."""
    return any(chronicle.tellings[key].saying == saying for key in row.tellings if key in chronicle.tellings)


def _counter(row: Claim, process: Process) -> Answering:
    query = urlencode({"process": process.name, "key": row.key})
    whom = f" of {row.accused}" if row.accused else ""
    return Answering(f"{row.accuser or 'somebody'}{whom}: {row.content or row.words}", f"{PATH}?{query}#ledger")
