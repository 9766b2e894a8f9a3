"""The review page: one doubtful telling after the other, each judged by a key."""

from __future__ import annotations

import typing
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pourparler.archive import verdicts
from pourparler.archive.fields import FIELDS
from pourparler.archive.given import KINDS, Kind
from pourparler.archive.process import Process
from pourparler.errors import ArchiveError
from pourparler.record import EventType, Status
from pourparler.web.accounts import Person
from pourparler.web.addresses import own_path
from pourparler.web.guard import demand
from pourparler.web.loading import event_of, found_event
from pourparler.web.queueing import Place
from pourparler.web.render import page, shell
from pourparler.web.reviewing import Item, Near, decided, described, item_of, last_of, nearest, newest, still_in_doubt
from pourparler.web.state import Desk, desk_of

PATH = "/review"
# Tellings in a round: what somebody looks through in a sitting.
_ROUND = 50
_MOST_WORDS = 2000
Do = typing.Literal["correct", "join", "note", ""]


@dataclass(frozen=True, slots=True)
class Round:
    """Where somebody is in a round: the ``n``-th of ``of``; verdicts after number ``since`` were given in it."""

    process: str | None
    n: int
    of: int
    since: int

    def href(self, *, at: Place | None = None, after: Place | None = None, do: Do = "", on: int = 0) -> str:
        """Return the address that shows the telling at a place, or the first in doubt after one, ``on`` further."""
        pairs = {
            "process": self.process, "n": self.n + on, "of": self.of, "since": self.since, "at": at, "after": after,
            "do": do,
        }  # fmt: skip
        return f"{PATH}?{urlencode({name: str(value) for name, value in pairs.items() if value not in (None, '')})}"


@dataclass(frozen=True, slots=True)
class Last:
    """The verdict that the key u takes back, in words, and where that leads."""

    key: str
    what: str
    to: str


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """What the page shows. ``here`` is its own address, ``next`` that of the next telling."""

    round: Round
    waiting: int
    item: Item
    reasons: tuple[str, ...]
    do: Do
    near: tuple[Near, ...]
    last: Last | None
    here: str
    next: str
    links: tuple[str, str, str]
    fields: tuple[str, ...] = FIELDS
    types: tuple[str, ...] = typing.get_args(EventType)
    statuses: tuple[str, ...] = typing.get_args(Status)


@dataclass(frozen=True, slots=True)
class DonePage:
    """The end of a round: how many verdicts it had, how many tellings still wait."""

    round: Round
    given: int
    waiting: int
    last: Last | None


def routes() -> list[Route]:
    """Return the routes of this page."""
    return [
        Route(PATH, show, methods=["GET"]),
        Route(f"{PATH}/verdict", judge, methods=["POST"]),
        Route(f"{PATH}/undo", take_back, methods=["POST"]),
    ]


def show(request: Request) -> Response:
    """Show the telling that is next, or that the address names; at the end of the round, what it gave."""
    person, desk, asked = demand(request, "reviewer"), desk_of(request), request.query_params
    process = desk.process(asked.get("process", ""))
    at = _round(desk, asked, process)
    place, after = Place.parse(asked.get("at", "")), Place.parse(asked.get("after", ""))
    found = _item(desk, process, person, at, place, after)
    around = shell(request, "Review", "review", process=process.name if process else None)
    if found is None:
        last = _last(desk, process, person, at, None)
        given = len([one for one in desk.standings() if one.verdict.by == person.name and one.verdict.n > at.since])
        return page(request, "review_done.html", around, DonePage(at, given, _waiting(desk, process), last))
    shown, item = found
    do = typing.cast(Do, asked.get("do") if asked.get("do") in typing.get_args(Do) else "")
    context = ReviewPage(
        at, _waiting(desk, process), item, desk.queues.reasons(process, item.telling.key), do,
        nearest(desk.archive, item.telling.key) if do == "join" else (), _last(desk, process, person, at, item),
        at.href(at=shown), at.href(after=shown, on=1),
        (at.href(at=shown, do="correct"), at.href(at=shown, do="join"), at.href(at=shown, do="note")),
    )  # fmt: skip
    return page(request, "review.html", around, context)


def _round(desk: Desk, asked: QueryParams, process: Process | None) -> Round:
    """Return the round that an address tells of; of one that begins, as many as there are."""
    of = _number(asked.get("of")) or max(1, min(_ROUND, _waiting(desk, process)))
    since = _number(asked.get("since"))
    if since is None:
        with desk.archive.reading() as connection:
            since = newest(connection)
    return Round(process.name if process else None, _number(asked.get("n")) or 1, of, since)


def _waiting(desk: Desk, process: Process | None) -> int:
    return desk.queues.length(process, without=decided(desk.archive))


def _number(words: str | None) -> int | None:
    return int(words) if words and words.isascii() and words.isdecimal() and len(words) < 10 else None


def _item(
    desk: Desk, process: Process | None, person: Person, at: Round, place: Place | None, after: Place | None
) -> tuple[Place, Item] | None:
    """Return the place and telling to show; None at the end of a round, or where nothing is in doubt."""
    if place is not None and (item := item_of(desk.archive, place.telling)):
        desk.queues.take(place.telling, person.name)
        return place, item
    still, after = still_in_doubt(desk.archive), place or after
    while at.n <= at.of and (after := desk.queues.next(process, after, by=person.name, still=still)) is not None:
        if item := item_of(desk.archive, after.telling):
            return after, item
    return None


def _last(desk: Desk, process: Process | None, person: Person, at: Round, item: Item | None) -> Last | None:
    one = last_of(desk.archive, person.name, since=at.since)
    if one is None:
        return None
    place = desk.queues.place(process, one.anchor.telling)
    same = item is not None and item.telling.key == one.anchor.telling
    return Last(one.key, described(one), at.href(at=place, on=0 if same or at.n == 1 else -1))


async def judge(request: Request) -> Response:
    """Give a verdict; go on to ``to``, or, where it cannot be given, say why at ``back``."""
    person, desk, sent = demand(request, "reviewer"), desk_of(request), await request.form()
    return await run_in_threadpool(_judged, desk, person, sent)


def _judged(desk: Desk, person: Person, sent: FormData) -> Response:
    telling, kind = _word(sent, "telling"), _word(sent, "kind")
    to = own_path(_word(sent, "to"), otherwise=PATH)
    back = own_path(_word(sent, "back"), otherwise=to)
    chosen = next((one for one in KINDS if one == kind and one != "undo"), None)
    if chosen is None:
        raise HTTPException(400, f"There is no verdict {kind[:40]!r}. Give one of {', '.join(KINDS[:-1])}.")
    if meanwhile := _meanwhile(desk, person, telling, sent):
        return RedirectResponse(said(back, meanwhile), 303)
    try:
        one = verdicts.give(
            desk.archive, chosen, telling,
            field=_word(sent, "field") or None if chosen == "correct" else None,
            value=_word(sent, "value") if chosen == "correct" else None,
            other=_word(sent, "other") or None if chosen in ("join", "split") else None,
            by=person.name, why=_word(sent, "why") or None,
        )  # fmt: skip
    except ArchiveError as error:
        return RedirectResponse(said(back, str(error)), 303)
    words = described(one)
    desk.accounts.note(person.name, f"verdict {one.key}: {words}")
    return RedirectResponse(said(_where(desk, chosen, to), f"Kept: {words}"), 303)


def _meanwhile(desk: Desk, person: Person, telling: str, sent: FormData) -> str:
    """Say what somebody else decided since the page was shown; empty where nobody did."""
    seen = _number(_word(sent, "seen"))
    if seen is None:
        return ""
    new = [one for one in verdicts.history(desk.archive, telling) if one.n > seen and one.by != person.name]
    return f"Meanwhile {new[-1].by} decided: {described(new[-1])}. Look again" if new else ""


def _where(desk: Desk, kind: Kind, to: str) -> str:
    """Return where to go on: not to an event that is no more, since its only telling was rejected."""
    parts = urlsplit(to).path.split("/")
    if kind != "reject" or parts[:2] != ["", "event"] or len(parts) != 3:
        return to
    with desk.archive.reading() as connection:
        there = found_event(connection, parts[2]) or event_of(connection, parts[2])
    return to if there else f"{PATH}/given"


async def take_back(request: Request) -> Response:
    """Take a verdict back."""
    person, desk, sent = demand(request, "reviewer"), desk_of(request), await request.form()
    to, key = own_path(_word(sent, "to"), otherwise=f"{PATH}/given"), _word(sent, "verdict")
    back = own_path(_word(sent, "back"), otherwise=to)
    try:
        one = await run_in_threadpool(
            verdicts.undo, desk.archive, key, by=person.name, why=_word(sent, "why") or None
        )
    except ArchiveError as error:
        return RedirectResponse(said(back, str(error)), 303)
    # What nobody has decided about now is in doubt again.
    desk.queues.forget()
    desk.accounts.note(person.name, f"verdict {one.key}: {described(one)}")
    return RedirectResponse(said(to, f"Taken back: {one.anchor.types[-1]} “{one.anchor.words}”"), 303)


def _word(sent: FormData, name: str) -> str:
    value = sent.get(name)
    return value.strip()[:_MOST_WORDS] if isinstance(value, str) else ""


def said(to: str, words: str) -> str:
    """Return an address of ours at which a message is shown."""
    parts = urlsplit(to)
    pairs = [pair for pair in parse_qsl(parts.query) if pair[0] != "said"]
    return parts._replace(query=urlencode([*pairs, ("said", words[:400])], errors="replace")).geturl()
