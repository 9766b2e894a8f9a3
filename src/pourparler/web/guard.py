"""What stands before every page: who asks, from where, and what the browser may do with the answer."""

from __future__ import annotations

import asyncio
import hmac
import re
import secrets
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pourparler.web.accounts import Accounts, Person
from pourparler.web.settings import RANK, Role, Settings, is_loopback

COOKIE = "pourparler_session"
TOKEN = "pourparler_form"  # noqa: S105 - the name of a cookie
FIELD = "form_token"
HEADER = "x-form-token"
# Where reports come in: only there, and only from those who may add them, much is taken at once.
UPLOADS = ("/add", "/api/v1/reports")
_SAFE = ("GET", "HEAD", "OPTIONS")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
# What a proxy adds: a desk that is open to whoever reaches it must not stand behind one.
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
# Larger contents are held by so many requests at a time.
_LARGE, _AT_A_TIME = 1024 * 1024, 3
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


@dataclass(frozen=True, slots=True)
class _Asker:
    """Who asks: nobody known, a person at a browser, or a program with a key."""

    person: Person | None
    by_key: bool = False


class Guard:
    """Lets a request through to a page, with ``request.state.person`` and ``request.state.form_token`` set.

    A host that is not ours is refused (a page elsewhere that resolves to this machine cannot read the desk); an
    unknown person is sent to sign in before anything they send is read; a change needs the token of the form and
    comes from our own pages. What is sent is read here, within limits of size and time, and handed on.
    """

    def __init__(self, app: ASGIApp, *, settings: Settings, accounts: Accounts) -> None:
        self._app = app
        self._settings = settings
        self._accounts = accounts
        self._large = asyncio.Semaphore(_AT_A_TIME)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        query = scope["query_string"]
        if not query.isascii():
            # Bytes that a program sent without escaping them; as escapes they are read like those of a browser.
            scope = {**scope, "query_string": _NOT_ASCII.sub(lambda found: b"%%%02X" % ord(found[0]), query)}
        request = Request(scope)
        sealed = _Sealed(send, request)
        try:
            await self._answer(request, receive, sealed)
        except Exception:
            # Beyond us nobody would seal the answer; the server still gets the error, and logs it.
            if not sealed.begun:
                await _words(request, 500, "Something went wrong. It stands in the desk's log.")(
                    scope, receive, sealed
                )
            raise

    async def _answer(self, request: Request, receive: Receive, sealed: _Sealed) -> None:
        asker = self._asker(request)
        given = request.cookies.get(TOKEN)
        known = given if given and _TOKEN.fullmatch(given) else None
        request.state.person = asker.person
        request.state.form_token = known or secrets.token_urlsafe(24)
        if known is None and not request.url.path.startswith("/static/"):
            sealed.token = request.state.form_token
        refused = self._elsewhere(request) or self._unknown(request, asker)
        if refused is not None:
            await refused(request.scope, receive, sealed)
        elif request.method in _SAFE:
            await self._app(request.scope, receive, sealed)
        else:
            await self._change(request, receive, sealed, asker, known)

    async def _change(
        self, request: Request, receive: Receive, sealed: _Sealed, asker: _Asker, known: str | None
    ) -> None:
        refused = self._too_large(request, asker)
        if refused is not None:
            await refused(request.scope, receive, sealed)
            return
        if int(request.headers["content-length"]) > _LARGE:
            async with self._large:
                await self._with_content(request, receive, sealed, asker, known)
        else:
            await self._with_content(request, receive, sealed, asker, known)

    async def _with_content(
        self, request: Request, receive: Receive, sealed: _Sealed, asker: _Asker, known: str | None
    ) -> None:
        """Read what is sent, look for the form's token in it, and hand it on."""
        content = await self._read(request, receive)
        if content is None:
            await _words(request, 408, "What was sent did not come in time, or not whole.")(
                request.scope, receive, sealed
            )
            return
        try:
            known_form = asker.by_key or await self._has_token(request, content, known)
        except (HTTPException, ValueError) as error:
            told = error.detail if isinstance(error, HTTPException) else "It is no form."
            await _words(request, 400, f"The form cannot be read. {told}")(request.scope, receive, sealed)
            return
        if not known_form:
            words = "This form is out of date or came from elsewhere. Load the page again."
            await _words(request, 403, words)(request.scope, receive, sealed)
            return
        await self._app(request.scope, _again(content, receive), sealed)

    async def _read(self, request: Request, receive: Receive) -> bytes | None:
        """Return what is sent, or None where it does not come in time or is not as long as was said."""
        wanted = int(request.headers["content-length"])
        content = bytearray()
        try:
            async with asyncio.timeout(self._settings.body_seconds):
                while True:
                    message = await receive()
                    if message["type"] != "http.request":
                        return None
                    content += message.get("body", b"")
                    if len(content) > wanted:
                        return None
                    if not message.get("more_body", False):
                        break
        except TimeoutError:
            return None
        return bytes(content) if len(content) == wanted else None

    def _elsewhere(self, request: Request) -> Response | None:
        """Refuse what comes by another name, from another site, or past a proxy that was not told of."""
        headers, safe = request.headers, request.method in _SAFE
        if self._settings.open:
            if not is_loopback(_host(headers.get("host", ""))):
                return _words(request, 421, "This desk answers on this machine's own address only.")
            if any(name in headers for name in _FORWARDED):
                return _words(
                    request, 421, "This desk is open to its own machine only. Start it with --behind-proxy."
                )
        site = headers.get("sec-fetch-site", "none")
        if safe and site == "cross-site" and headers.get("sec-fetch-mode") != "navigate":
            return _words(request, 403, "Pages elsewhere cannot read the desk.")
        origin = headers.get("origin")
        if not safe and ((origin and _netloc(origin) != headers.get("host")) or site in ("cross-site", "same-site")):
            return _words(request, 403, "A change must come from the desk's own pages.")
        return None

    def _unknown(self, request: Request, asker: _Asker) -> Response | None:
        path = request.url.path
        if asker.person is not None or path in ("/sign-in", "/health") or path.startswith("/static/"):
            return None
        if path.startswith("/api/"):
            return _words(request, 401, "Sign in, or send a key: Authorization: Bearer ...")
        to = f"{path}?{request.url.query}" if request.url.query else path
        if request.method != "GET" or path == "/":
            return RedirectResponse("/sign-in", 303)
        return RedirectResponse(f"/sign-in?to={quote(to[:1000], safe='/')}", 303)

    def _too_large(self, request: Request, asker: _Asker) -> Response | None:
        size = request.headers.get("content-length", "")
        if not (size.isascii() and size.isdecimal()):
            return _words(request, 411, "Say how long the content is (Content-Length).")
        most = self._settings.most_sign_in
        if asker.person is not None:
            adds = request.url.path in UPLOADS and RANK[asker.person.role] >= RANK["reviewer"]
            most = self._settings.most_upload if adds else self._settings.most_form
        if len(size) > 12 or int(size) > most:
            told = f"{most // (1024 * 1024)} MB" if most >= _LARGE else f"{most // 1024} kB"
            return _words(
                request, 413, f"At most {told} at once here. Give smaller files, or use: pourparler archive add"
            )
        return None

    async def _has_token(self, request: Request, content: bytes, known: str | None) -> bool:
        told: object = request.headers.get(HEADER)
        kind = request.headers.get("content-type", "")
        if told is None and kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
            copy = Request(request.scope, _again(content, _nothing))
            async with copy.form(max_files=20, max_fields=200, max_part_size=len(content) + 1) as form:
                told = form.get(FIELD)
        if known is None or not isinstance(told, str):
            return False
        return hmac.compare_digest(known.encode(), told.encode("utf-8", "surrogatepass"))

    def _asker(self, request: Request) -> _Asker:
        """Return who asks. A key counts for the API alone, and where it is given nothing else does."""
        header = request.headers.get("authorization")
        if header is not None and request.url.path.startswith("/api/"):
            return _Asker(self._accounts.person_of_key(header), by_key=True)
        if self._settings.open:
            return _Asker(Person(self._settings.user, "owner"))
        return _Asker(self._accounts.person_of_session(request.cookies.get(COOKIE)))


class _Sealed:
    """Sends an answer with the headers that every answer has; ``token`` is a new cookie to give with it."""

    def __init__(self, send: Send, request: Request) -> None:
        self.begun = False
        self.token: str | None = None
        self._send = send
        self._https = request.url.scheme == "https"
        self._static = request.url.path.startswith("/static/")

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            # Our own script and style are kept and asked after (ETag); what is told of the archive is not kept.
            headers.setdefault("Cache-Control", "no-cache" if self._static else "no-store")
            if self._https:
                headers.setdefault("Strict-Transport-Security", "max-age=31536000")
            if self.token is not None:
                secure = "; Secure" if self._https else ""
                headers.append("Set-Cookie", f"{TOKEN}={self.token}; HttpOnly; Path=/; SameSite=strict{secure}")
        await self._send(message)


def _words(request: Request, status: int, words: str) -> Response:
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": words}, status_code=status)
    return PlainTextResponse(words, status)


def _host(given: str) -> str:
    try:
        return urlsplit(f"//{given}").hostname or ""
    except ValueError:
        return ""


def _netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


def _again(content: bytes, receive: Receive) -> Receive:
    """Return what gives a content that was read already, once, and then what comes after it."""
    waiting = [content]

    async def give() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return give


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


def may(request: Request, role: Role) -> bool:
    """True where the person who asks has at least a role."""
    person: Person | None = request.state.person
    return person is not None and RANK[person.role] >= RANK[role]


def demand(request: Request, role: Role) -> Person:
    """Return the person who asks; raises 403 where they have less than a role."""
    person: Person | None = request.state.person
    if person is None or RANK[person.role] < RANK[role]:
        raise HTTPException(403, f"This is for a {role}. Ask an owner of the desk to make you one.")
    return person
