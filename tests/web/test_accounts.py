"""Accounts of a desk: signing in and out, roles, keys, the log, and their pages."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from pourparler.errors import DeskError
from pourparler.web.accounts import Accounts
from pourparler.web.addresses import own_path, web_address
from pourparler.web.tries import Tries
from tests.web.conftest import copied
from tests.web.desk_help import PASSWORD, form_token, signed_in, with_accounts


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.at = 1_000_000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def secure(filled: Path, tmp_path: Path, clock: Clock) -> Iterator[tuple[TestClient, Accounts]]:
    client, accounts = with_accounts(copied(filled, tmp_path), clock={"now": clock})
    with client:
        yield client, accounts


def test_signing_in_and_out(secure: tuple[TestClient, Accounts]) -> None:
    client, accounts = secure
    assert client.get("/events").status_code == 303
    assert signed_in(client, "reader", to="/events?type=ASSAULT") == 303
    page = client.get("/events")
    assert page.status_code == 200 and "reader" in page.text
    session = client.cookies["pourparler_session"]
    assert client.post("/sign-out", data={"form_token": form_token(client, "/events")}).status_code == 303
    client.cookies.set("pourparler_session", session)
    assert client.get("/events").status_code == 303, "the session ends at the desk, not only in the browser"
    assert [one.what for one in accounts.log()][-1].startswith("signed in from")


def test_a_wrong_password_opens_nothing_and_is_told_like_a_wrong_name(secure: tuple[TestClient, Accounts]) -> None:
    client, accounts = secure
    told = []
    for name in ("reader", "nobody"):
        sent = {"form_token": form_token(client, "/sign-in"), "name": name, "password": "wrong password"}
        answer = client.post("/sign-in", data=sent)
        assert answer.status_code == 403 and "set-cookie" not in answer.headers
        told.append("Name or password is wrong." in answer.text)
    assert told == [True, True]
    assert [one.what.split(" from")[0] for one in accounts.log(2)] == ["sign-in refused", "sign-in refused"]


def test_a_session_ends_in_time(secure: tuple[TestClient, Accounts], clock: Clock) -> None:
    client, _ = secure
    signed_in(client, "reviewer")
    token = form_token(client, "/events")
    clock.at += 12 * 3600 - 1
    assert client.get("/events").status_code == 200
    clock.at += 2
    assert client.get("/events").headers["Location"] == "/sign-in?to=/events"
    answer = client.post("/review/verdict", data={"form_token": token, "telling": "t1", "kind": "reject"})
    assert answer.headers["Location"] == "/sign-in"
    assert client.get("/api/v1/events").status_code == 401


def test_a_new_password_or_role_ends_sessions(secure: tuple[TestClient, Accounts]) -> None:
    client, accounts = secure
    signed_in(client, "reader")
    accounts.add("reader", "another long password", "reader")
    assert client.get("/events").status_code == 303
    assert signed_in(client, "reader") == 403
    assert signed_in(client, "reader", "another long password") == 303


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
        "/\t/evil.example", "/\n/evil.example", "http:evil.example", "/%0d%0aSet-Cookie:x", "", "evil", "//[", " /x",
    ],
)  # fmt: skip
def test_signing_in_leads_to_our_own_pages_only(secure: tuple[TestClient, Accounts], to: str) -> None:
    client, _ = secure
    client.cookies.clear()
    sent = {"form_token": form_token(client, "/sign-in"), "name": "reader", "password": PASSWORD, "to": to}
    answer = client.post("/sign-in", data=sent)
    location = answer.headers["location"]
    assert answer.status_code == 303
    assert location.startswith("/") and not location.startswith("//") and "\\" not in location
    assert "\n" not in location and "x" not in dict(client.cookies)


def test_too_many_wrong_passwords_wait(clock: Clock) -> None:
    accounts = Accounts(":memory:", now=clock)
    accounts.add("ani", PASSWORD, "reader")
    for _ in range(5):
        assert accounts.sign_in("ani", "wrong", address="192.0.2.1", seconds=60) is None
    with pytest.raises(DeskError, match="too many wrong passwords"):
        accounts.sign_in("ani", PASSWORD, address="192.0.2.1", seconds=60)
    assert accounts.sign_in("ani", PASSWORD, address="192.0.2.2", seconds=60), "others lock nobody out"
    clock.at += 301
    assert accounts.sign_in("ani", PASSWORD, address="192.0.2.1", seconds=60)


def test_the_page_tells_of_too_many(secure: tuple[TestClient, Accounts]) -> None:
    client, _ = secure
    assert [signed_in(client, "reader", "wrong") for _ in range(5)] == [403] * 5
    sent = {"form_token": form_token(client, "/sign-in"), "name": "reader", "password": PASSWORD}
    answer = client.post("/sign-in", data=sent)
    assert answer.status_code == 403 and "too many wrong passwords" in answer.text


def test_tries_are_limited_by_address_and_by_name_too(clock: Clock) -> None:
    tries = Tries(now=clock, most=5, window=300)
    for n in range(20):
        tries.begin(f"name {n}", "192.0.2.1")
    with pytest.raises(DeskError):
        tries.begin("another", "192.0.2.1")
    for n in range(50):
        tries.begin("ani", f"198.51.100.{n}")
    with pytest.raises(DeskError):
        tries.begin("ani", "203.0.113.1")


def test_an_ipv6_network_counts_as_one_address(clock: Clock) -> None:
    tries = Tries(now=clock, most=2, window=300)
    tries.begin("ani", "2001:db8::1")
    tries.begin("ani", "2001:db8::2")
    with pytest.raises(DeskError):
        tries.begin("ani", "2001:db8::3%eth0")
    tries.begin("ani", "2001:db8:0:1::1")


def test_many_tries_at_once_get_no_further_than_one_by_one(clock: Clock) -> None:
    accounts = Accounts(":memory:", now=clock)
    accounts.add("ani", PASSWORD, "reader")
    told: list[str] = []

    def tried() -> None:
        try:
            accounts.sign_in("ani", "wrong", address="192.0.2.1", seconds=60)
            told.append("checked")
        except DeskError as error:
            told.append(str(error)[:8])

    threads = [threading.Thread(target=tried) for _ in range(12)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert told.count("checked") <= 5 and told.count("too many") >= 7


@pytest.mark.parametrize(
    ("name", "password", "role"),
    [("", PASSWORD, "reader"), (" ani", PASSWORD, "reader"), ("a\nb", PASSWORD, "reader"),
     ("x" * 81, PASSWORD, "reader"),
     ("ani", "short", "reader"), ("ani", "x" * 201, "reader"), ("ani", PASSWORD, "king")],
)  # fmt: skip
def test_accounts_that_cannot_be(name: str, password: str, role: str) -> None:
    accounts = Accounts(":memory:")
    with pytest.raises(DeskError):
        accounts.add(name, password, role)  # type: ignore[arg-type]
    assert accounts.people() == []


def test_one_owner_stays() -> None:
    accounts = Accounts(":memory:")
    accounts.add("ani", PASSWORD, "owner")
    with pytest.raises(DeskError, match="only owner"):
        accounts.remove("ani")
    with pytest.raises(DeskError, match="only owner"):
        accounts.add("ani", PASSWORD, "reader")
    accounts.add("leyla", PASSWORD, "owner")
    accounts.remove("ani")
    with pytest.raises(DeskError, match="there is no account"):
        accounts.remove("ani")


def test_nothing_secret_stands_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.desk.db"
    accounts = Accounts(path)
    accounts.add("ani", PASSWORD, "owner")
    session = accounts.sign_in("ani", PASSWORD, address="192.0.2.1", seconds=60)
    key = accounts.new_key("ani")
    accounts.close()
    content = path.read_bytes()
    assert session and b"argon2id" in content
    assert PASSWORD.encode() not in content and session.encode() not in content and key.encode() not in content


def test_what_was_kept_is_there_after_a_restart(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "a.desk.db"
    first = Accounts(path, now=clock)
    first.add("ani", PASSWORD, "reviewer")
    session = first.sign_in("ani", PASSWORD, address="192.0.2.1", seconds=60)
    key = first.new_key("ani")
    first.note("ani", "did something")
    assert first.visited("ani", "process x") is None
    first.close()
    second = Accounts(path, now=clock)
    assert second.person_of_session(session) == second.person_of_key(f"Bearer {key}") == second.people()[0]
    assert second.visited("ani", "process x") == clock.at
    assert second.log()[0].what == "did something"
    assert second.drop_keys("ani") == 1 and second.person_of_key(f"Bearer {key}") is None


def test_a_file_of_another_kind_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.desk.db"
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(DeskError, match="cannot be opened"):
        Accounts(path)


def test_the_log_is_bounded_and_paged() -> None:
    accounts = Accounts(":memory:")
    for n in range(30):
        accounts.note("ani" if n % 2 else "leyla", f"{n}" + "x" * 5000)
    newest = accounts.log(10)
    assert [one.n for one in newest] == list(range(30, 20, -1)) and len(newest[0].what) == 1000
    assert [one.n for one in accounts.log(2, before=21)] == [20, 19]
    assert {one.name for one in accounts.log(name="ani")} == {"ani"}


def test_roles(secure: tuple[TestClient, Accounts]) -> None:
    client, _ = secure
    seen: dict[str, list[int]] = {}
    for name in ("reader", "reviewer", "owner"):
        signed_in(client, name)
        token = form_token(client, "/events")
        paths = ("/events", "/review", "/review/given", "/add", "/accounts", "/log")
        seen[name] = [client.get(path).status_code for path in paths]
        posts = (
            ("/review/verdict", {"telling": "t0", "kind": "accept"}), ("/review/undo", {"verdict": "j0"}),
            ("/add", {"text": ""}), ("/accounts/add", {"name": "x"}), ("/accounts/remove", {"name": "x"}),
        )  # fmt: skip
        seen[name] += [client.post(path, data={"form_token": token, **sent}).status_code for path, sent in posts]
    assert seen["reader"] == [200, 403, 403, 403, 200, 403] + [403] * 5
    assert seen["reviewer"] == [200, 200, 200, 200, 200, 403, 303, 303, 400, 403, 403]
    assert seen["owner"] == [200] * 6 + [303, 303, 400, 400, 400]


def test_an_owner_keeps_accounts_at_the_page(secure: tuple[TestClient, Accounts]) -> None:
    client, accounts = secure
    signed_in(client, "owner")
    token = form_token(client, "/accounts")
    sent = {"form_token": token, "name": "<b>leyla</b>", "password": "a long password", "role": "reviewer"}
    assert client.post("/accounts/add", data=sent).status_code == 303
    page = client.get("/accounts").text
    assert "&lt;b&gt;leyla&lt;/b&gt;" in page and "<b>leyla" not in page
    assert client.post("/accounts/add", data={**sent, "password": "short"}).status_code == 400
    assert client.post("/accounts/remove", data={"form_token": token, "name": "<b>leyla</b>"}).status_code == 303
    assert {one.name for one in accounts.people()} == {"reader", "reviewer", "owner"}
    told = [(one.name, one.what) for one in accounts.log(2)]
    assert told == [
        ("owner", "account <b>leyla</b>: removed"),
        ("owner", "account <b>leyla</b>: reviewer, new password"),
    ]
    log = client.get("/log").text
    assert "account &lt;b&gt;leyla&lt;/b&gt;: removed" in log and "a long password" not in log


def test_everybody_keeps_their_own_keys(secure: tuple[TestClient, Accounts]) -> None:
    client, accounts = secure
    signed_in(client, "reader")
    token = form_token(client, "/accounts")
    page = client.post("/accounts/key", data={"form_token": token})
    key = page.text.split("<code>pk_")[1].split("<")[0]
    assert accounts.person_of_key(f"Bearer pk_{key}") is not None
    assert f"pk_{key}" not in client.get("/accounts").text
    assert "reviewer" not in client.get("/accounts").text.split("<main")[1]
    client.post("/accounts/keys", data={"form_token": token})
    assert accounts.person_of_key(f"Bearer pk_{key}") is None


def test_an_open_desk_has_no_key_for_nobody(own_desk: TestClient) -> None:
    answer = own_desk.post("/accounts/key", data={"form_token": form_token(own_desk, "/accounts")})
    assert answer.status_code == 400 and "there is no account" in answer.text


@pytest.mark.parametrize("to", ["/events?a=b#c", "/", "/event/e1?to=https%3A%2F%2Fx"])
def test_own_paths_stay(to: str) -> None:
    assert own_path(to) == to


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://example.org/a?b=c", True), ("http://example.org", True), ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False), ("data:text/html,x", False), ("https:", False), ("//example.org", False),
        ("https://[", False), ("https://a\nb", False), ("", False), (None, False), ("file:///etc/passwd", False),
    ],
)  # fmt: skip
def test_what_may_become_a_link(url: str | None, good: bool) -> None:
    assert web_address(url) == (url if good else None)


def test_two_programs_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.desk.db"
    desk, command = Accounts(path), Accounts(path)
    command.add("ani", PASSWORD, "owner")
    assert desk.sign_in("ani", PASSWORD, address="192.0.2.1", seconds=60)
    with sqlite3.connect(path) as base:
        assert base.execute("SELECT count(*) FROM session").fetchone() == (1,)
    base.close()


def test_many_who_sign_in_keep_nobody_waiting(filled: Path, tmp_path: Path) -> None:
    client, accounts = with_accounts(copied(filled, tmp_path))
    with client:
        signed_in(client, "reader")
        token = form_token(client, "/events")
        # Both places where passwords are checked are taken: who signs in now waits.
        for _ in range(2):
            accounts._checking.acquire()
        sent = {"form_token": token, "name": "x", "password": "no such password", "to": "/"}
        waiting = [threading.Thread(target=client.post, args=("/sign-in",), kwargs={"data": sent}) for _ in range(8)]
        for one in waiting:
            one.start()
        time.sleep(0.7)
        began = time.monotonic()
        assert client.get("/about").status_code == 200
        assert time.monotonic() - began < 1.5
        for _ in range(2):
            accounts._checking.release()
        for one in waiting:
            one.join(20)
    accounts.close()
