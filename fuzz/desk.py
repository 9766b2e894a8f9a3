"""The desk, asked in process: addresses and questions of pages and API, and forms."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator, MutableMapping
from contextlib import ExitStack
from typing import Any

from fuzz.archives import base
from fuzz.targets import SEEDS, One, Target, scratch

HOST = b"127.0.0.1:8321"
TOKEN = b"A" * 32
PROCESS = "two-sides"
# What an address may begin with; any bytes follow.
STARTS = (
    "/api/v1/events?", "/api/v1/tellings?", "/api/v1/facets?", "/api/v1/reports?", "/api/v1/processes?",
    "/api/v1/events/", "/api/v1/reports/", f"/api/v1/process/{PROCESS}/timeline?", f"/api/v1/process/{PROCESS}/",
    f"/api/v1/process/{PROCESS}/meetings?", f"/api/v1/process/{PROCESS}/chart/", "/api/v1/process/", "/api/v1/",
    "/events?", "/event/", "/reports?", "/report/", f"/process/{PROCESS}?", "/process/", "/claims?", "/actors?",
    "/actors/", "/map?", "/agenda?", "/agenda.ics?", "/brief?", "/brief.html?", "/review?", "/review/given?",
    "/events/export.csv?", "/events/export.xlsx?", "/events/export.", "/about?", "/log?", "/relations?",
    "/add/", "/static/", "/",
)  # fmt: skip
FORMS = (
    "/review/verdict", "/review/undo", "/events/views", "/events/views/drop", "/sign-in", "/sign-out",
    "/accounts/add", "/accounts/remove", "/accounts/key", "/accounts/keys",
)  # fmt: skip
KINDS = (
    b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=x", b"application/json",
    b"multipart/form-data",
)  # fmt: skip


class Asked:
    """A desk on a copy of the small archive, asked without a server."""

    def __init__(self, held: ExitStack) -> None:
        from pourparler.web.app import create_app
        from pourparler.web.settings import Settings

        folder = scratch(held)
        self.path = folder / "desk.db"
        shutil.copyfile(base(), self.path)
        shutil.copyfile(SEEDS / "process" / "two-sides.toml", folder / "two-sides.toml")
        self.app = create_app(Settings(str(self.path), processes=(folder,)))
        held.callback(self._end)
        self._runner = held.enter_context(asyncio.Runner())

    def _end(self) -> None:
        desk = self.app.state.desk
        desk.close()
        desk.archive.close()
        desk.accounts.close()

    def described(self) -> dict[str, Any]:
        """Return the description of the API."""
        found: dict[str, Any] = json.loads(self.ask(b"/api/v1/openapi.json")[2])
        return found

    def rows(self, address: str) -> list[dict[str, Any]]:
        """Return the rows of a page of the API."""
        found: list[dict[str, Any]] = json.loads(self.ask(address.encode())[2])["rows"]
        return found

    def ask(
        self,
        address: bytes,
        *,
        method: str = "GET",
        headers: list[tuple[bytes, bytes]] | None = None,
        body: bytes = b"",
    ) -> tuple[int, dict[bytes, bytes], bytes]:
        """Return status, headers and content of the answer; raises what the application raises."""
        path, _, query = address.partition(b"?")
        own = [(b"host", HOST), (b"content-length", str(len(body)).encode()), *(headers or [])]
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
            "path": path.decode("utf-8", "replace"), "raw_path": path, "root_path": "", "query_string": query,
            "headers": own, "client": ("127.0.0.1", 50000), "server": ("127.0.0.1", 8321), "state": {},
        }  # fmt: skip
        return self._runner.run(self._asked(scope, body))

    async def _asked(self, scope: dict[str, Any], body: bytes) -> tuple[int, dict[bytes, bytes], bytes]:
        sent: list[MutableMapping[str, Any]] = []
        gone = asyncio.Event()
        told = False

        async def receive() -> MutableMapping[str, Any]:
            nonlocal told
            if told:
                await gone.wait()
                return {"type": "http.disconnect"}
            told = True
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        gone.set()
        content = b"".join(one.get("body", b"") for one in sent[1:])
        return sent[0]["status"], dict(sent[0]["headers"]), content


def _addresses(held: ExitStack) -> One:
    desk = Asked(held)

    def one(data: bytes) -> None:
        if not data:
            return
        start = STARTS[data[0] % len(STARTS)]
        # What follows is in an address as browsers and programs send it: bytes beyond ASCII escaped or not.
        status, headers, content = desk.ask(start.encode() + data[1:])
        assert status < 500, (status, content[:300])
        assert b"content-security-policy" in headers
        if headers.get(b"content-type", b"").startswith(b"application/json"):
            json.loads(content)

    return one


def _address_seeds() -> Iterator[bytes]:
    asked = (
        b"type=CONSULT&source=ARM&since=2022-09&until=2023-W18&limit=3",
        b"text=armenia%20%22two%20words%22&sort=-day",
        b"near=Lachin&km=5.5&verdict=any&differing=any&min_outlets=1", b"today=2023-05-14&since=2020&offset=1",
        b"process=two-sides&actor=Baku&status=alleged&confidence=0.5", b"country=AZE&outlet=Wire&mode=meet", b"",
        b"week=2023-W19&process=two-sides", b"\xff%ff%00=&&&limit=\xe2\x88\x9e", b"month=2023-05&from=2023&to=2024",
    )  # fmt: skip
    for number, _ in enumerate(STARTS):
        yield bytes([number]) + asked[number % len(asked)]
        yield bytes([number]) + asked[(number * 3 + 1) % len(asked)]


def _forms(held: ExitStack) -> One:
    """The first byte names the form, the second the kind of content; the rest is what is sent."""
    desk = Asked(held)

    def one(data: bytes) -> None:
        if len(data) < 2:
            return
        headers = [(b"content-type", KINDS[data[1] % len(KINDS)]), (b"cookie", b"pourparler_form=" + TOKEN)]
        if data[1] & 8:
            headers.append((b"x-form-token", TOKEN))
        body = data[2:].replace(b"TOKEN", TOKEN)
        address = FORMS[data[0] % len(FORMS)].encode()
        status, told, content = desk.ask(address, method="POST", headers=headers, body=body)
        assert status < 500, (status, content[:300])
        assert b"content-security-policy" in told

    return one


def _form_seeds() -> Iterator[bytes]:
    plain = (
        b"form_token=TOKEN&telling=t0&kind=accept&field=type&value=CONSULT&why=so&by=me&verdict=j0&name=x&role=owner"
    )
    part = b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
    parts = b"".join(part % pair for pair in ((b"form_token", TOKEN), (b"telling", b"t0"), (b"kind", b"note")))
    for number in range(len(FORMS)):
        yield bytes([number, 0]) + plain
        yield bytes([number, 8 | 1]) + parts + b"--x--\r\n"


TARGETS = (
    Target("addresses", _addresses, _address_seeds, longest=512, seconds=6.0),
    Target("forms", _forms, _form_seeds, longest=1024, seconds=6.0),
)
