"""The command line of the desk: starting it, its example, and its accounts."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from pourparler.cli.desk import desk
from pourparler.errors import DeskError
from pourparler.web import example
from pourparler.web.accounts import Accounts
from pourparler.web.settings import accounts_path
from tests.web.conftest import copied

RUN = "from pourparler.cli.desk import desk; desk(prog_name='desk')"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to start in, without an archive named for good and with a cache of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("POURPARLER_ARCHIVE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def called(*words: str, stdin: str = "") -> tuple[int, str, BaseException | None]:
    found = CliRunner().invoke(desk, list(words), input=stdin)
    return found.exit_code, found.output, found.exception


def started(*words: str) -> Iterator[str]:
    """Run the command; yield the address that it tells, and end it as Ctrl-C does."""
    run = subprocess.Popen(
        [sys.executable, "-c", RUN, "--no-browser", "--port", "0", *words],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    try:
        assert run.stdout is not None and run.stderr is not None
        told = re.search(r"http://\S+/", run.stdout.readline())
        assert told, run.stderr.read()
        yield told[0]
    finally:
        run.send_signal(signal.SIGINT)
        assert "Traceback" not in run.communicate(timeout=60)[1]


def test_it_starts_on_an_archive_and_ends(filled: Path, here: Path) -> None:
    path = copied(filled, here)
    for address in started("--archive", str(path)):
        assert httpx.get(f"{address}health").text == "well"
        page = httpx.get(address, follow_redirects=True)
        assert page.status_code == 200 and "Armenia and Azerbaijan" in page.text
        assert "server" not in page.headers
        assert httpx.get(f"{address}events", headers={"Host": "evil.example"}).status_code == 421
    assert (here / "example.desk.db").stat().st_mode & 0o077 == 0


def test_without_an_archive_the_example_is_shown(filled: Path, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setattr(example, "example_archive", lambda **_: made.append("example") or copied(filled, here))
    monkeypatch.setattr("pourparler.cli.desk.serve", lambda settings, accounts, **_: made.append(settings.archive))
    code, out, _ = called("--no-browser")
    assert code == 0 and "the example process is shown" in out
    assert made == ["example", str(here / "example.db")]
    made.clear()
    assert called("--archive", str(here / "new.db"))[0] == 0
    assert made == [str(here / "new.db")], "an archive that is named is made"


def test_the_example_is_made_once_and_whole(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = example.example_files()
    few = here / "few"
    few.mkdir()
    lines = (source / "reports.jsonl").read_text(encoding="utf-8").splitlines()[:4]
    (few / "reports.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (few / "process.toml").write_text((source / "process.toml").read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(example, "example_files", lambda: few)
    told: list[str] = []
    path = example.example_archive(on_step=told.append)
    assert path.is_file() and (path.parent / "armenia-azerbaijan.toml").is_file()
    assert path.is_relative_to(here / "cache" / "pourparler") and "4 reports read" in told
    began = path.stat().st_mtime_ns
    assert example.example_archive(on_step=told.append) == path and path.stat().st_mtime_ns == began
    assert sorted(one.name for one in (here / "cache" / "pourparler").iterdir()) == [path.parent.name]


@pytest.mark.parametrize("words", [("--host", "0.0.0.0"), ("--sign-in",), ("--behind-proxy",), ("--host", "::")])
def test_a_desk_that_others_reach_demands_an_owner(here: Path, words: tuple[str, ...]) -> None:
    code, _, error = called("--archive", "a.db", *words)
    assert code == 1 and isinstance(error, DeskError)
    assert "pourparler desk user add NAME --role owner" in str(error)
    assert (
        called("user", "add", "leyla", "--role", "reviewer", "--archive", "a.db", stdin="a long password\n")[0] == 0
    )
    assert isinstance(called("--archive", "a.db", *words)[2], DeskError), "a reviewer is no owner"
    assert not (here / "a.db").exists()


def test_with_an_owner_people_sign_in(filled: Path, here: Path) -> None:
    path = copied(filled, here)
    assert called("user", "add", "ani", "--role", "owner", "--archive", str(path), stdin="a long password\n")[0] == 0
    for address in started("--archive", str(path), "--sign-in"):
        with httpx.Client(base_url=address) as client:
            assert client.get("/events").headers["location"] == "/sign-in?to=/events"
            token = re.findall(r'name="form_token" value="([^"]+)"', client.get("/sign-in").text)[0]
            sent = {"form_token": token, "name": "ani", "password": "a long password", "to": "/events"}
            # Without --behind-proxy nobody is believed who says that they come from elsewhere.
            answer = client.post("/sign-in", data=sent, headers={"X-Forwarded-For": "203.0.113.7"})
            assert answer.status_code == 303 and client.get("/events").status_code == 200
    accounts = Accounts(accounts_path(str(path)))
    assert accounts.log(1)[0].what == "signed in from 127.0.0.1"
    accounts.close()


def test_behind_a_proxy_the_address_and_tls_are_believed(filled: Path, here: Path) -> None:
    path = copied(filled, here)
    called("user", "add", "ani", "--role", "owner", "--archive", str(path), stdin="a long password\n")
    for address in started("--archive", str(path), "--behind-proxy"):
        through = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https", "Host": "desk.example"}
        with httpx.Client(base_url=address, headers=through) as client:
            answer = client.get("/sign-in")
            assert "; Secure" in answer.headers["set-cookie"] and "strict-transport-security" in answer.headers
            cookie = answer.headers["set-cookie"].split(";")[0]
            token = re.findall(r'name="form_token" value="([^"]+)"', answer.text)[0]
            sent = {"form_token": token, "name": "ani", "password": "a long password"}
            signed = client.post("/sign-in", data=sent, headers={"Cookie": cookie, "Origin": "https://desk.example"})
            assert signed.status_code == 303 and "Secure" in signed.headers["set-cookie"]
    accounts = Accounts(accounts_path(str(path)))
    assert accounts.log(1)[0].what == "signed in from 203.0.113.7"
    accounts.close()


def test_an_option_that_no_command_would_see_is_wrong_use(here: Path) -> None:
    code, told, _ = called("--archive", "team.db", "user", "add", "ani", stdin="a long password\n")
    assert code == 2 and "--archive" in told and "desk user" in told
    assert not list(here.glob("*.desk.db"))


def test_users_are_kept_by_commands(here: Path) -> None:
    archive = ("--archive", "a.db")
    assert called("user", "add", "ani", "--role", "owner", *archive, stdin="a long password\n")[0] == 0
    assert called("user", "add", "leyla", *archive, stdin="another password\n")[0] == 0
    assert called("user", "list", *archive)[1] == "ani owner 0\nleyla reader 0\n"
    code, key, _ = called("user", "key", "leyla", *archive)
    assert code == 0 and key.startswith("pk_")
    accounts = Accounts(here / "a.desk.db")
    assert accounts.person_of_key(f"Bearer {key.strip()}") == accounts.people()[1]
    assert "1 keys of leyla" in called("user", "key", "leyla", "--drop", *archive)[1]
    assert accounts.person_of_key(f"Bearer {key.strip()}") is None
    assert called("user", "remove", "leyla", *archive)[0] == 0
    assert [one.name for one in accounts.people()] == ["ani"]
    told = " ".join(one.what for one in accounts.log())
    assert "account leyla: removed, by the command line" in told and "password\n" not in told
    accounts.close()
    for words, stdin in (("remove", ""), ("key", "")):
        assert isinstance(called("user", words, "nobody", *archive, stdin=stdin)[2], DeskError)
    assert isinstance(called("user", "add", "x", *archive, stdin="short\n")[2], DeskError)
    assert isinstance(called("user", "add", "x", *archive, stdin="")[2], DeskError)


def test_a_port_that_is_taken_is_told(filled: Path, here: Path) -> None:
    path = copied(filled, here)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, _, error = called("--archive", str(path), "--no-browser", "--port", str(taken.getsockname()[1]))
    assert code == 1 and isinstance(error, DeskError) and "--port" in str(error)


def test_where_accounts_lie() -> None:
    assert accounts_path("a/pourparler.db") == Path("a/pourparler.desk.db")
    assert accounts_path("a/pourparler.db", environment={"POURPARLER_ACCOUNTS": "/b/c.db"}) == Path("/b/c.db")


def test_accounts_of_a_server_lie_in_the_users_own_folder(tmp_path: Path) -> None:
    own = {"XDG_DATA_HOME": str(tmp_path / "data")}
    path = accounts_path("postgresql://ani:secret@db.example/talks", environment=own)
    assert path.parent == tmp_path / "data" / "pourparler" and path.name.startswith("talks-")
    assert path == accounts_path("postgresql://levon@db.example:5432/talks", environment=own), "whoever signs in"
    others = [accounts_path(f"postgresql://db.{name}/talks", environment=own) for name in ("example.org", "test")]
    assert len({path, *others}) == 3, "servers are told apart"
    for odd in ({"XDG_DATA_HOME": "data"}, {}):
        assert accounts_path("postgresql:///t", environment=odd).parent == Path.home() / ".local/share/pourparler"
    Accounts(path).close()
    assert path.stat().st_mode & 0o077 == 0 and path.parent.stat().st_mode & 0o077 == 0
