"""What a row rests on, for a page: words of reports, with links to event and report; and which process is shown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request

from pourparler.archive.chronicle import Chronicle
from pourparler.archive.process import Process
from pourparler.archive.told import Party, Saying, Telling
from pourparler.web.event_lines import to_words
from pourparler.web.state import desk_of

# Words beyond these are counted and not shown: a row of 200 reports is read on the page of its event.
MOST = 12
# Characters around the words that say it.
_AROUND = 220


@dataclass(frozen=True, slots=True)
class Ground:
    """Words of one report: ``before``, ``words`` and ``after`` make its passage.

    ``says`` are those whose word it is, empty where the report tells it in its own voice; ``event`` and ``report``
    are addresses (``event`` None for a statement).
    """

    key: str
    what: str
    publisher: str | None
    day: str | None
    before: str
    words: str
    after: str
    says: tuple[str, ...]
    event: str | None
    report: str
    copy: bool


@dataclass(frozen=True, slots=True)
class Grounds:
    """Words of reports, earliest first, how many more there are, and where they stand, if all are of one event."""

    rows: tuple[Ground, ...]
    left: int
    more: str | None = None


def grounds(chronicle: Chronicle, keys: Iterable[str], *, most: int = MOST) -> Grounds:
    """Return the words that tellings and sayings stand for; keys that the chronicle lacks are passed over."""
    found: list[Telling | Saying] = []
    for key in dict.fromkeys(keys):
        one = chronicle.tellings.get(key) or chronicle.sayings.get(key)
        if one is not None:
            found.append(one)
    found.sort(key=lambda one: (one.published or "", one.key))
    rows = tuple(
        _telling(chronicle, one) if isinstance(one, Telling) else _saying(chronicle, one) for one in found[:most]
    )
    events = {one.event if isinstance(one, Telling) else None for one in found}
    query = urlencode({"process": chronicle.process.name})
    only = next(iter(events)) if len(events) == 1 else None
    return Grounds(rows, len(found) - len(rows), f"/event/{only}?{query}#told" if only else None)


def _telling(chronicle: Chronicle, one: Telling) -> Ground:
    passage = chronicle.passages.get(one.key, one.words)
    start = one.start - one.passage_start
    end = start + (one.end - one.start)
    if not 0 <= start < end <= len(passage):
        passage, start, end = one.words, 0, len(one.words)
    saying = chronicle.sayings.get(one.saying or "")
    query = urlencode({"process": chronicle.process.name})
    return Ground(
        one.key, one.type, one.publisher, _day(one.published), _tail(passage[:start]), passage[start:end],
        _head(passage[end:]), _who(saying.speakers) if saying else (), f"/event/{one.event}?{query}#{one.key}",
        _report(chronicle, one), one.report in chronicle.copies,
    )  # fmt: skip


def _saying(chronicle: Chronicle, one: Saying) -> Ground:
    says = _who(one.speakers)
    before = f"{', '.join(says) or 'Somebody'}: {one.cue} — " if one.cue else ""
    return Ground(
        one.key, one.act, one.publisher, _day(one.published), before, one.content, "", says, None,
        _report(chronicle, one), one.report in chronicle.copies,
    )  # fmt: skip


def _report(chronicle: Chronicle, one: Telling | Saying) -> str:
    return to_words(one.report, one.key, one.start, process=chronicle.process.name)


def _who(parties: Iterable[Party]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.who for one in parties))


def _day(published: str | None) -> str | None:
    return published[:10] if published else None


def _tail(text: str) -> str:
    return text if len(text) <= _AROUND else f"… {text[-_AROUND:].partition(' ')[2]}"


def _head(text: str) -> str:
    return text if len(text) <= _AROUND else f"{text[:_AROUND].rpartition(' ')[0]} …"


def anchor(words: str) -> str:
    """Return an id for an element from any words: what is no letter or digit is written as its code."""
    return re.sub(r"[^A-Za-z0-9]", lambda found: f"-{ord(found[0]):x}", words)


def actor_href(process: Process, name: str) -> str:
    """Return the address of an actor's page."""
    return f"/actors/{quote(name, safe='')}?{urlencode({'process': process.name})}"


def process_of(request: Request) -> Process:
    """Return the process that an address asks for, else the first; raises 404 where there is none."""
    desk, name = desk_of(request), request.query_params.get("process")
    every = desk.processes()
    found = desk.process(name) if name else (every[0] if every else None)
    if found is None:
        raise HTTPException(
            404,
            "There is no process of this name. Put its file beside the archive."
            if name
            else "There is no process yet. Make one with: pourparler process new",
        )
    return found


def page_number(request: Request) -> int:
    """Return the number of the page that is asked for, 1 for anything that is none."""
    words = request.query_params.get("page", "1")
    return max(1, int(words)) if words.isascii() and words.isdecimal() and len(words) < 8 else 1
