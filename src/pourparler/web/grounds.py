"""What a row rests on, for a page: words of reports, with links to event and report; and which process is shown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request

from pourparler.archive.chronicle import Chronicle
from pourparler.archive.process import Process
from pourparler.archive.told import Party, Saying, Telling
from pourparler.web.event_lines import to_words
from pourparler.web.list_pages import number_of
from pourparler.web.state import desk_of

# Words beyond these are counted and not shown: a row of 200 reports is read on a page of its own.
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
    """Words of reports, how many there are in all, and, where these are more, the address of a list of all."""

    rows: tuple[Ground, ...]
    total: int
    whole: str | None


def grounds(
    chronicle: Chronicle, keys: Iterable[str], *, most: int = MOST, newest: bool = False, whole: str | None = None
) -> Grounds:
    """Return the words that tellings and sayings stand for; keys that the chronicle lacks are passed over.

    Args:
        newest: the newest come first, not the earliest.
        whole: the address of the list of all; absent: that of a page of just these words.
    """
    found = [one for key in dict.fromkeys(keys) if (one := told(chronicle, key)) is not None]
    found.sort(key=lambda one: (one.published or "", one.key), reverse=newest)
    rows = tuple(
        _telling(chronicle, one) if isinstance(one, Telling) else _saying(chronicle, one) for one in found[:most]
    )
    if len(found) == len(rows):
        return Grounds(rows, len(rows), None)
    return Grounds(rows, len(found), whole or words_href(chronicle.process, [one.key for one in found]))


def told(chronicle: Chronicle, key: str) -> Telling | Saying | None:
    """Return the telling or statement of a key; None where the chronicle has none."""
    return chronicle.tellings.get(key) or chronicle.sayings.get(key)


def words_href(process: Process, keys: Iterable[str]) -> str:
    """Return the address of the page that lists the words of these tellings and statements.

    A key takes 18 characters of it: servers take addresses of 64 kB, those of 3,500 keys.
    """
    return f"/words?{urlencode({'process': process.name, 'keys': '.'.join(keys)})}"


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
    return number_of(request.query_params)
