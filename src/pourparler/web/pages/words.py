"""The page of words: all that a row of another page rests on, where there is no room for it there."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pourparler.archive.chronicle import Chronicle
from pourparler.archive.process import Process
from pourparler.web.grounds import Grounds, grounds, page_number, process_of, told
from pourparler.web.kept_pages import kept_page
from pourparler.web.render import page, shell
from pourparler.web.state import desk_of
from pourparler.web.turning import Turned, turned

PATH = "/words"
_ROWS = 100


@dataclass(frozen=True, slots=True)
class WordsPage:
    """What the page shows: the words that were asked for, earliest first."""

    process: Process
    words: Grounds
    turn: Turned


def routes() -> list[Route]:
    """Return the routes of this page."""
    return [Route(PATH, show, methods=["GET"])]


@kept_page()
def show(request: Request) -> Response:
    """Show the words of the tellings and statements whose keys the address has."""
    process = process_of(request)
    keys = request.query_params.get("keys", "")
    context = words_page(desk_of(request).chronicle(process), keys, number=page_number(request))
    return page(request, "words.html", shell(request, "Words", "process", process=process.name), context)


def words_page(chronicle: Chronicle, keys: str, *, number: int) -> WordsPage:
    """Return a page of words; keys, with dots between them, that the chronicle lacks are passed over."""
    found = [one for key in dict.fromkeys(keys.split(".")) if (one := told(chronicle, key)) is not None]
    found.sort(key=lambda one: (one.published or "", one.key))
    asked = [("process", chronicle.process.name), ("keys", ".".join(one.key for one in found))]
    shown, turn = turned(found, number=number, most=_ROWS, path=PATH, asked=asked)
    return WordsPage(chronicle.process, grounds(chronicle, [one.key for one in shown], most=_ROWS), turn)
