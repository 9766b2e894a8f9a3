"""The desk as one ASGI application."""

from __future__ import annotations

import contextlib
import importlib.resources
from collections.abc import AsyncIterator
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from pourparler.archive.store import Archive
from pourparler.errors import PourparlerError
from pourparler.web.accounts import Accounts
from pourparler.web.guard import Guard
from pourparler.web.render import page, shell
from pourparler.web.settings import Settings
from pourparler.web.state import Desk


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
        yield
        app.state.desk.close()
        archive.close()
        kept.close()

    app = Starlette(
        routes=[*routes(), Mount("/static", StaticFiles(directory=str(_static())), name="static")],
        middleware=[
            Middleware(GZipMiddleware, minimum_size=2000),
            Middleware(Guard, settings=settings, accounts=kept),
        ],
        exception_handlers={HTTPException: _http_problem, PourparlerError: _problem},
        lifespan=life,
    )
    app.state.desk = Desk(settings, archive, kept)
    return app


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


async def _problem(request: Request, error: Exception) -> Response:
    return _answer(request, 400, str(error))


def _answer(request: Request, status: int, words: str) -> Response:
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": words}, status_code=status)
    return page(request, "problem.html", shell(request, "Problem", "problem"), Problem(status, words), status=status)
