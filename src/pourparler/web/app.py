"""The desk as one ASGI application."""

from __future__ import annotations

import contextlib
import importlib.resources
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass

from anyio.to_thread import current_default_thread_limiter
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from pourparler.archive.store import Archive
from pourparler.errors import DamagedError, PourparlerError
from pourparler.web.accounts import Accounts
from pourparler.web.guard import Guard
from pourparler.web.keeping import Keeper
from pourparler.web.render import page, shell
from pourparler.web.settings import Settings
from pourparler.web.state import Desk

_log = logging.getLogger(__name__)

_LEVEL = 4
# Pages made side by side. Python runs one at a time anyway: more of them only make each other late, 50 readers'
# slowest twentieth by half, and take more connections than the archive keeps open.
_AT_A_TIME = 5


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, in words."""

    status: int
    words: str


def create_app(settings: Settings, *, accounts: Accounts | None = None) -> Starlette:
    """Return the desk for an archive; raises ArchiveError where that cannot be opened."""
    archive = Archive.open(settings.archive, create=True)
    kept = accounts or Accounts(":memory:", sign_ins=settings.sign_ins, window=settings.sign_in_window)

    @contextlib.asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        current_default_thread_limiter().total_tokens = _AT_A_TIME
        keeper = Keeper(app.state.desk)
        if settings.ahead:
            keeper.start()
        yield
        keeper.close()
        app.state.desk.close()
        archive.close()
        kept.close()

    app = Starlette(
        routes=[*routes(), Mount("/static", StaticFiles(directory=str(_static())), name="static")],
        middleware=[*_packing(settings), Middleware(Guard, settings=settings, accounts=kept)],
        exception_handlers={HTTPException: _http_problem, DamagedError: _damaged, PourparlerError: _problem},
        lifespan=life,
    )
    app.state.desk = Desk(settings, archive, kept)
    return app


def _packing(settings: Settings) -> list[Middleware]:
    """Return what packs answers where they go over a network; on one machine that costs more than it saves.

    A page of 97 kB takes 2.9 ms at the usual level 9, 0.9 ms at level 4, for a tenth more bytes.
    """
    return [] if settings.open else [Middleware(GZipMiddleware, minimum_size=2000, compresslevel=_LEVEL)]


def _static() -> object:
    return importlib.resources.files("pourparler.web") / "static"


def routes() -> list[BaseRoute]:
    """Return the routes of all pages and of the API."""
    from pourparler.web import api
    from pourparler.web.pages import ALL

    return [Route("/health", _health), *(route for room in ALL for route in room.routes()), *api.routes()]


async def _health(_: Request) -> Response:
    return PlainTextResponse("well")


async def _http_problem(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    words = str(error.detail) if isinstance(error, HTTPException) else "Something went wrong."
    return _answer(request, status, "There is no such page." if status == 404 and words == "Not Found" else words)


async def _damaged(request: Request, error: Exception) -> Response:
    # Nobody asked wrongly: it is the archive, or a mistake of ours, and whoever runs the desk must learn where.
    _log.error("the archive cannot be read", exc_info=error)
    return _answer(request, 500, str(error))


async def _problem(request: Request, error: Exception) -> Response:
    return _answer(request, 400, str(error))


def _answer(request: Request, status: int, words: str) -> Response:
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": words}, status_code=status)
    return page(request, "problem.html", shell(request, "Problem", "problem"), Problem(status, words), status=status)
