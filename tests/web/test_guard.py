"""What stands before every page: hosts, origins, tokens, sizes, times, keys and headers."""

from __future__ import annotations

import asyncio
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from pourparler.errors import DeskError
from pourparler.web.accounts import Accounts
from pourparler.web.guard import HEADERS, Guard
from pourparler.web.settings import Settings
from tests.web.conftest import ADDRESS, copied, desk_on
from tests.web.desk_help import form_token, signed_in, with_accounts


@pytest.fixture
def secure(filled: Path, tmp_path: Path) -> Iterator[TestClient]:
    client, _ = with_accounts(copied(filled, tmp_path))
    with client:
        yield client


def sealed(answer: Any) -> None:
    for name, value in HEADERS.items():
        assert answer.headers[name] == value, name
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] in ("no-store", "no-cache")


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "169.254.169.254",
        "",
        "[::1",
        "testserver",
        "0.0.0.0",
    ],
)
def test_another_name_for_this_machine_is_refused(desk: TestClient, host: str) -> None:
    answer = desk.get("/events", headers={"Host": host})
    assert answer.status_code == 421
    assert "Events" not in answer.text
    sealed(answer)


@pytest.mark.parametrize("host", ["127.0.0.1:8321", "localhost:8321", "[::1]:8321", "127.0.0.5"])
def test_its_own_names_are_answered(desk: TestClient, host: str) -> None:
    assert desk.get("/health", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_an_open_desk_stands_behind_no_proxy(desk: TestClient, header: str) -> None:
    assert desk.get("/events", headers={header: "203.0.113.9"}).status_code == 421


def test_an_open_desk_answers_on_no_other_address() -> None:
    with pytest.raises(DeskError, match="desk user add NAME --role owner"):
        Settings("x.db", host="0.0.0.0")
    assert Settings("x.db", host="0.0.0.0", open=False).secure


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Origin": "http://[broken"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_change_from_elsewhere_is_refused_whatever_it_knows(own_desk: TestClient, headers: dict[str, str]) -> None:
    sent = {"form_token": form_token(own_desk, "/events"), "title": "mine", "query": "type=ASSAULT"}
    answer = own_desk.post("/review/undo", data=sent, headers=headers)
    assert answer.status_code == 403
    sealed(answer)


def test_another_site_reads_nothing_but_may_link(desk: TestClient) -> None:
    other = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    assert desk.get("/events", headers=other).status_code == 403
    assert desk.get("/events", headers={**other, "Sec-Fetch-Mode": "navigate"}).status_code == 200


@pytest.mark.parametrize("token", [None, "", "x" * 32, "\ud800", "A" * 5000])
def test_a_form_without_its_token_is_refused(own_desk: TestClient, token: str | None) -> None:
    form_token(own_desk, "/events")
    sent = {"telling": "t1", "kind": "accept"} | (
        {} if token is None else {"form_token": token.encode("utf-8", "replace")}
    )
    answer = own_desk.post("/review/verdict", data=sent)
    assert answer.status_code == 403
    assert "out of date" in answer.text
    sealed(answer)


def test_a_token_without_its_cookie_is_refused_and_the_header_counts(own_desk: TestClient) -> None:
    token = form_token(own_desk, "/events")
    given = own_desk.post(
        "/review/undo", data={"verdict": "j1"}, headers={"X-Form-Token": token}, follow_redirects=False
    )
    assert given.status_code == 303
    own_desk.cookies.clear()
    assert own_desk.post("/review/undo", data={"form_token": token}).status_code == 403
    own_desk.cookies.set("pourparler_form", "short")
    assert own_desk.post("/review/undo", data={"form_token": "short"}).status_code == 403


def test_a_broken_form_is_refused(own_desk: TestClient) -> None:
    form_token(own_desk, "/events")
    for kind in ("multipart/form-data", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"):
        answer = own_desk.post("/add", content=b"--y\r\nnothing\xff=%zz", headers={"Content-Type": kind})
        assert answer.status_code in (400, 403)
        sealed(answer)


def test_every_answer_is_sealed(own_desk: TestClient, secure: TestClient) -> None:
    for path in (
        "/events",
        "/nothing",
        "/static/desk.css",
        "/static/none.css",
        "/static/../guard.py",
        "/event/none",
        "/add/none/events",
        "/health",
    ):
        sealed(own_desk.get(path))
    sealed(secure.get("/events"))
    sealed(secure.get("/api/v1/events"))
    sealed(own_desk.request("PATCH", "/events", content=b""))
    assert own_desk.get("/static/../guard.py").status_code == 404
    assert own_desk.get("/static/%2e%2e/guard.py").status_code == 404


def test_our_own_script_is_asked_after_not_sent_again(desk: TestClient) -> None:
    first = desk.get("/static/desk.css")
    assert first.headers["Cache-Control"] == "no-cache"
    assert "set-cookie" not in first.headers
    assert desk.get("/static/desk.css", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


async def crash(_: Request) -> Response:
    raise ZeroDivisionError


async def echo(request: Request) -> Response:
    return PlainTextResponse(f"{request.state.person.name} {len(await request.body())}")


def small(accounts: Accounts, **settings: Any) -> Starlette:
    """Return an application of two routes behind the guard."""
    made = Settings("x.db", **settings)
    return Starlette(
        routes=[
            Route("/crash", crash),
            Route("/echo", echo, methods=["POST"]),
            Route("/api/v1/reports", echo, methods=["POST"]),
            Route("/add", echo, methods=["POST"]),
        ],
        middleware=[Middleware(Guard, settings=made, accounts=accounts)],
    )


def test_a_crash_tells_nothing_and_is_sealed_too() -> None:
    with TestClient(small(Accounts(":memory:")), base_url=ADDRESS, raise_server_exceptions=False) as client:
        answer = client.get("/crash")
    assert answer.status_code == 500
    assert "ZeroDivision" not in answer.text and "Traceback" not in answer.text
    sealed(answer)


async def asked(
    app: Any, *, headers: dict[str, str], parts: list[bytes], path: str = "/echo", wait: float = 0.0
) -> tuple[int, int]:
    """Send a POST to an application part by part; return the status, and how many parts it took."""
    taken = 0
    status = 0

    async def receive() -> dict[str, Any]:
        nonlocal taken
        if taken >= len(parts):
            await asyncio.sleep(30)
        if wait:
            await asyncio.sleep(wait)
        taken += 1
        return {"type": "http.request", "body": parts[taken - 1], "more_body": taken < len(parts)}

    async def send(message: dict[str, Any]) -> None:
        nonlocal status
        status = message.get("status", status)

    scope = {
        "type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b"",
        "root_path": "", "scheme": "http", "http_version": "1.1", "client": ("203.0.113.9", 1),
        "server": ("127.0.0.1", 8321),
        "headers": [(k.lower().encode(), v.encode()) for k, v in {"Host": "127.0.0.1:8321", **headers}.items()],
    }  # fmt: skip
    await app(scope, receive, send)
    return status, taken


def test_what_strangers_send_is_not_read() -> None:
    app = small(Accounts(":memory:"), open=False)
    large = {"Content-Length": str(30 * 1024 * 1024)}
    assert asyncio.run(asked(app, headers=large, parts=[b"x" * 1000])) == (303, 0)
    assert asyncio.run(asked(app, headers=large, parts=[b"x" * 1000], path="/api/v1/reports")) == (401, 0)
    assert asyncio.run(asked(app, headers=large, parts=[b"x"], path="/sign-in")) == (413, 0)


def test_size_depends_on_who_sends_it_and_where(secure: TestClient) -> None:
    large = b"x" * (300 * 1024)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    for name, path, status in (
        ("reader", "/add", 413),
        ("reviewer", "/add", 403),
        ("reviewer", "/review/verdict", 413),
    ):
        assert signed_in(secure, name) == 303
        assert secure.post(path, content=large, headers=kind).status_code == status, (name, path)


@pytest.mark.parametrize("length", ["", "-1", "1e3", "٣", "99999999999999999999999999"])
def test_a_length_that_is_none_is_refused(length: str) -> None:
    app = small(Accounts(":memory:"))
    headers = {"Content-Length": length} if length.isascii() else {}
    status, taken = asyncio.run(asked(app, headers=headers, parts=[b"x"]))
    assert status in (411, 413) and taken == 0


def test_content_that_is_not_as_long_as_it_said_or_does_not_come_is_refused() -> None:
    app = small(Accounts(":memory:"), body_seconds=0.3)
    assert asyncio.run(asked(app, headers={"Content-Length": "3"}, parts=[b"xx", b"yyyy", b"z"])) == (408, 2)
    assert asyncio.run(asked(app, headers={"Content-Length": "3"}, parts=[b"x"])) == (408, 1)
    assert asyncio.run(asked(app, headers={"Content-Length": "9"}, parts=[b"x"] * 9, wait=0.1))[0] == 408


def test_a_key_counts_for_the_api_alone() -> None:
    accounts = Accounts(":memory:")
    accounts.add("program", "long enough password", "reviewer")
    key = accounts.new_key("program")
    bearer = {"Authorization": f"Bearer {key}"}
    with TestClient(small(accounts, open=False), base_url=ADDRESS, follow_redirects=False) as client:
        assert client.post("/api/v1/reports", content=b"12345", headers=bearer).text == "program 5"
        assert (
            client.post("/api/v1/reports", content=b"1", headers={"Authorization": "Bearer pk_wrong"}).status_code
            == 401
        )
        assert (
            client.post("/api/v1/reports", content=b"1", headers={"Authorization": "Basic eDp5"}).status_code == 401
        )
        assert client.post("/echo", content=b"1", headers=bearer).headers["Location"] == "/sign-in"
        client.cookies.set("pourparler_session", key)
        assert client.post("/echo", content=b"1").status_code == 303


def test_a_wrong_key_is_refused_at_an_open_desk_too(own_desk: TestClient) -> None:
    answer = own_desk.post("/api/v1/reports", json={"text": "x"}, headers={"Authorization": "Bearer pk_no"})
    assert answer.status_code == 401
    assert own_desk.post("/api/v1/reports", json={"text": "x"}).status_code == 403


def test_strangers_are_sent_to_sign_in_and_on_from_there(secure: TestClient) -> None:
    answer = secure.get("/events?type=ASSAULT&text=a%26b")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/sign-in?to=/events%3Ftype%3DASSAULT%26text%3Da%2526b"
    for path in ("/health", "/sign-in", "/static/desk.css"):
        assert secure.get(path).status_code == 200
    for path in ("/sign-inside", "/healthy", "/staticx", "/", "/review", "/add", "/log", "/accounts"):
        assert secure.get(path).status_code == 303, path
    assert secure.get("/api/v1/events").status_code == 401


def test_cookies_are_for_the_desk_alone(secure: TestClient) -> None:
    page = secure.get("/sign-in")
    assert re.search(r"pourparler_form=[\w-]{32}; HttpOnly; Path=/; SameSite=strict$", page.headers["set-cookie"])
    sent = {"form_token": form_token(secure, "/sign-in"), "name": "reader", "password": "correct horse battery"}
    cookie = secure.post("/sign-in", data=sent).headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie and "Secure" not in cookie
    secure.cookies.clear()
    over = secure.get("https://127.0.0.1:8321/sign-in")
    assert "; Secure" in over.headers["set-cookie"]
    assert "max-age" in over.headers["Strict-Transport-Security"]


def test_the_accounts_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.desk.db"
    path.touch(mode=0o644)
    path.chmod(0o644)
    Accounts(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_desk_on_takes_settings(filled: Path) -> None:
    with desk_on(filled, most_form=10) as client:
        token = form_token(client, "/events")
        assert client.post("/review/undo", data={"form_token": token}).status_code == 413


def test_strangers_are_not_told_what_is_followed(secure: TestClient) -> None:
    assert "Armenia" not in secure.get("/sign-in").text
    assert "Armenia" not in secure.get("/sign-in?process=armenia").text.split("<body")[0]
