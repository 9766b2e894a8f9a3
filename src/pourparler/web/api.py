"""The API under /api/v1: what the pages show, as JSON."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pourparler.web import charts
from pourparler.web.pages.process import named
from pourparler.web.state import desk_of


def routes() -> list[Route]:
    """Return the routes of the API."""
    return [Route("/api/v1/process/{name}/chart/{kind}", chart)]


def chart(request: Request) -> Response:
    """Return the data of a chart of a process."""
    process = named(request, request.path_params["name"])
    made = charts.make(request.path_params["kind"], desk_of(request).chronicle(process))
    return JSONResponse(made)
