"""What stands before every page: who asks, from where, and what the browser may do with the answer."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp

from pourparler.web.accounts import Accounts, Person
from pourparler.web.settings import RANK, Role, Settings, is_loopback

COOKIE = "pourparler_session"
TOKEN = "pourparler_form"  # noqa: S105 - the name of a cookie
FIELD = "form_token"
HEADER = "x-form-token"
_SAFE = ("GET", "HEAD", "OPTIONS")
_OPEN_PATHS = ("/sign-in", "/static/", "/health")
# No script and no style in the markup, nothing from elsewhere, no frame around us.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
Next = Callable[[Request], Awaitable[Response]]


class Guard(BaseHTTPMiddleware):
    """Lets a request through to a page, with ``request.state.person`` and ``request.state.form_token`` set.

    A host that is not ours is refused (a page elsewhere that resolves to this machine cannot read the desk); a change
    needs the token of the form and comes from our own pages; an unknown person is sent to sign in.
    """

    def __init__(self, app: ASGIApp, *, settings: Settings, accounts: Accounts) -> None:
        super().__init__(app)
        self._settings = settings
        self._accounts = accounts

    async def dispatch(self, request: Request, call_next: Next) -> Response:
        """Answer a request, or refuse it."""
        refused = self._refused(request) or self._too_large(request)
        if refused is not None:
            return self._sealed(refused)
        given = request.cookies.get(TOKEN)
        request.state.form_token = given or secrets.token_urlsafe(24)
        if request.method not in _SAFE and not await self._has_token(request, given):
            return self._sealed(
                PlainTextResponse("This form is out of date or came from elsewhere. Load the page again.", 403)
            )
        request.state.person = self._person(request)
        if request.state.person is None and not request.url.path.startswith(_OPEN_PATHS):
            return self._sealed(self._sign_in(request))
        response = await call_next(request)
        if given is None:
            response.set_cookie(
                TOKEN, request.state.form_token, httponly=True, samesite="strict", secure=self._https(request)
            )
        return self._sealed(response)

    def _refused(self, request: Request) -> Response | None:
        host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
        if self._settings.open and not is_loopback(host) and host != "testserver":
            return PlainTextResponse("This desk answers on this machine's own address only.", 421)
        origin = request.headers.get("origin")
        if request.method not in _SAFE and origin and urlsplit(origin).netloc != request.headers.get("host"):
            return PlainTextResponse("A change must come from the desk's own pages.", 403)
        if request.method not in _SAFE and request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
            return PlainTextResponse("A change must come from the desk's own pages.", 403)
        return None

    def _too_large(self, request: Request) -> Response | None:
        if request.method in _SAFE:
            return None
        size = request.headers.get("content-length", "")
        if not size.isdecimal():
            return PlainTextResponse("Say how long the content is (Content-Length).", 411)
        if int(size[:20]) > self._settings.most_upload:
            most = self._settings.most_upload // (1024 * 1024)
            return PlainTextResponse(
                f"At most {most} MB at once. Give smaller files, or use: pourparler archive add", 413
            )
        return None

    async def _has_token(self, request: Request, given: str | None) -> bool:
        if self._accounts.person_of_key(request.headers.get("authorization")) is not None:
            return True  # a program with a key of its own sends no cookies
        told = request.headers.get(HEADER)
        if told is None and request.headers.get("content-type", "").startswith(
            ("application/x-www-form-urlencoded", "multipart/form-data")
        ):
            # Kept, so that the page behind us can read it again.
            await request.body()
            form = await request.form(max_files=20, max_fields=200, max_part_size=self._settings.most_upload)
            found = form.get(FIELD)
            told = found if isinstance(found, str) else None
        return bool(given and told) and hmac.compare_digest(str(given), str(told))

    def _person(self, request: Request) -> Person | None:
        if self._settings.open:
            return Person(self._settings.user, "owner")
        return self._accounts.person_of_key(request.headers.get("authorization")) or self._accounts.person_of_session(
            request.cookies.get(COOKIE)
        )

    def _sign_in(self, request: Request) -> Response:
        if request.url.path.startswith("/api/"):
            return PlainTextResponse("Sign in, or send a key: Authorization: Bearer ...", 401)
        target = request.url.path if request.method == "GET" else "/"
        return RedirectResponse(f"/sign-in?to={target}", 303)

    @staticmethod
    def _https(request: Request) -> bool:
        return request.url.scheme == "https"

    @staticmethod
    def _sealed(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def may(request: Request, role: Role) -> bool:
    """True where the person who asks has at least a role."""
    person: Person | None = request.state.person
    return person is not None and RANK[person.role] >= RANK[role]
