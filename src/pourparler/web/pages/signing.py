"""Signing in and out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pourparler.errors import DeskError
from pourparler.web.addresses import own_path
from pourparler.web.guard import COOKIE
from pourparler.web.render import page, shell
from pourparler.web.state import desk_of

# Threads in which passwords are checked, besides those in which pages are made.
_AT_A_TIME = 4


@dataclass(frozen=True, slots=True)
class SignIn:
    """The form; ``to`` is the page to go on to."""

    to: str
    problem: str | None = None


def routes() -> list[Route]:
    """Return the routes of this page."""
    return [
        Route("/sign-in", form, methods=["GET"]),
        Route("/sign-in", sign_in, methods=["POST"]),
        Route("/sign-out", sign_out, methods=["POST"]),
    ]


async def form(request: Request) -> Response:
    """Show the form."""
    return page(
        request,
        "sign_in.html",
        shell(request, "Sign in", "sign-in"),
        SignIn(own_path(request.query_params.get("to", "/"))),
    )


async def sign_in(request: Request) -> Response:
    """Check name and password; begin a session."""
    desk, sent = desk_of(request), await request.form()
    name, password, to = str(sent.get("name", "")), str(sent.get("password", "")), own_path(str(sent.get("to", "/")))
    address = request.client.host if request.client else "?"
    try:
        secret = await to_thread.run_sync(
            lambda: desk.accounts.sign_in(name, password, address=address, seconds=desk.settings.session),
            limiter=_limiter(request),
        )
        problem = None if secret else "Name or password is wrong."
    except DeskError as error:
        secret, problem = None, str(error)
    if secret is None:
        desk.accounts.note(name[:80], f"sign-in refused from {address}")
        return page(request, "sign_in.html", shell(request, "Sign in", "sign-in"), SignIn(to, problem), status=403)
    desk.accounts.note(name, f"signed in from {address}")
    answer = RedirectResponse(to, 303)
    https = request.url.scheme == "https"
    answer.set_cookie(COOKIE, secret, max_age=desk.settings.session, httponly=True, samesite="strict", secure=https)
    return answer


def _limiter(request: Request) -> CapacityLimiter:
    """Return what lets so many sign in at a time: those who wait for it keep nobody else's pages waiting."""
    state = request.app.state
    if not hasattr(state, "signing"):
        state.signing = CapacityLimiter(_AT_A_TIME)
    return cast(CapacityLimiter, state.signing)


async def sign_out(request: Request) -> Response:
    """End the session."""
    desk_of(request).accounts.sign_out(request.cookies.get(COOKIE))
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(COOKIE)
    return answer
