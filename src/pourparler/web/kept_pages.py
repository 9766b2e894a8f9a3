"""Pages made once: what an address shows to somebody is kept until the archive or a process file changes.

Most readers look at the same lists: on a page of 50 events that takes 12 ms to make, and 0.6 ms to give again.
"""

from __future__ import annotations

import functools
import secrets
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from pourparler.web.guard import may
from pourparler.web.state import desk_of

Handler = Callable[[Request], Response]
# A page of more bytes (a whole agenda of years) is made anew each time: 128 of them would fill the memory.
_LARGEST = 1_000_000
# Stands in a kept page for the token of the forms, which each browser has its own of, as long as this one. Nobody can
# guess it, so no text of a report has it.
_TOKEN = secrets.token_urlsafe(24)


@dataclass(frozen=True, slots=True)
class _Page:
    """An answer; ``body`` is None where it is no whole page and not kept."""

    answer: Response
    body: bytes | None


def kept_page(*, beside: Callable[[Request], Hashable] = lambda _: None) -> Callable[[Handler], Handler]:
    """Return what makes a handler answer from what is kept.

    The handler may look at the address, the archive, the process files, who asks and their role, and at nothing else
    but what ``beside`` returns.
    """

    def around(handler: Handler) -> Handler:
        @functools.wraps(handler)
        def answer(request: Request) -> Response:
            if "said" in request.query_params:
                # A message is shown once.
                return handler(request)
            desk = desk_of(request)
            who = (request.state.person.name, may(request, "reviewer"), may(request, "owner"))
            key = (desk.serial(), desk.files_state(), request.url.path, request.url.query, who, beside(request))
            found = desk.pages.get(key, lambda: _made(handler, request), keep=_is_kept)
            if found.body is None:
                return found.answer
            return HTMLResponse(found.body.replace(_TOKEN.encode(), request.state.form_token.encode()))

        return answer

    return around


def _is_kept(page: _Page) -> bool:
    return page.body is not None and len(page.body) <= _LARGEST


def passing(request: Request) -> None:
    """Say that what is being made for a request holds for this moment only, and is not to be kept."""
    request.state.passing = True


def _made(handler: Handler, request: Request) -> _Page:
    own = request.state.form_token
    request.state.form_token = _TOKEN
    try:
        answer = handler(request)
    finally:
        request.state.form_token = own
    if answer.status_code == 200 and answer.media_type == "text/html" and not hasattr(request.state, "passing"):
        return _Page(answer, bytes(answer.body))
    answer.body = bytes(answer.body).replace(_TOKEN.encode(), own.encode())
    return _Page(answer, None)
