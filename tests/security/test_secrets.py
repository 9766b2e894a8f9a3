"""Secrets stay where they are: no message, log line, traceback or page shows a password, a session or a key."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import traceback
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.archive import conftest
from tests.archive.conftest import postgres  # noqa: F401 - a fixture
from tests.web.conftest import ADDRESS
from tests.web.desk_help import signed_in, with_accounts

from pourparler.archive.engine import shown
from pourparler.archive.store import Archive
from pourparler.errors import ArchiveError, IntakeError
from pourparler.intake.web import request
from pourparler.web.accounts import Accounts
from pourparler.web.app import create_app
from pourparler.web.settings import Settings

SECRET = "hUnt3r2x"
# One that cannot be reached, ones that are malformed, one that names the password as libpq's options do.
ADDRESSES = [
    f"postgresql://user:{SECRET}@127.0.0.1:1/name",
    f"postgresql://user:{SECRET}@127.0.0.1:x/name",
    f"postgresql://user:{SECRET}@[bad/name",
    f"postgresql://user:{SECRET}%zz@127.0.0.1:1/name",
    f"postgresql://user:p@{SECRET}@127.0.0.1:1/name",
    f"postgresql://user:p/{SECRET}@127.0.0.1:1/name",
    f"postgresql://user:p?{SECRET}@127.0.0.1:1/name",
    f"postgresql://user:p#{SECRET}@127.0.0.1:1/name",
    f"postgresql://:{SECRET}@127.0.0.1:1/name",
    f"postgresql://127.0.0.1:1/name?user=u&password={SECRET}",
    f"postgresql://127.0.0.1:1/name?sslpassword={SECRET}&connect_timeout=1",
    f"postgresql+nonsense://user:{SECRET}@127.0.0.1:1/name",
    f"mysql://user:{SECRET}@127.0.0.1/name",
    f"POSTGRESQL://user:{SECRET}@127.0.0.1:1/name",
]


@pytest.mark.parametrize("where", ADDRESSES)
def test_an_address_is_shown_without_its_password(where: str) -> None:
    assert SECRET not in shown(where)
    assert SECRET not in repr(Settings(where))


def test_an_address_is_shown_as_it_is_else() -> None:
    for where in ("a.db", "/home/ann/a:b@c.db", "postgresql://user@host:5432/name", "postgresql:///name?host=/tmp"):
        assert shown(where) == where
    assert shown("postgresql://u:x@host/n?password=y&sslmode=require") == (
        "postgresql://u:***@host/n?password=***&sslmode=require"
    )


@pytest.mark.parametrize("where", ADDRESSES)
def test_what_goes_wrong_tells_no_password(where: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(ArchiveError) as told:
        Archive.open(where)
    whole = "".join(traceback.format_exception(told.value))
    assert SECRET not in whole and SECRET not in caplog.text


@pytest.mark.parametrize("command", [["archive", "show"], ["desk", "user", "list"]])
def test_commands_tell_no_password(command: list[str], tmp_path: Path) -> None:
    environment = {**os.environ, "POURPARLER_ARCHIVE": ADDRESSES[0], "XDG_DATA_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", "from pourparler.cli import main; main()", *command],
        capture_output=True, text=True, env=environment, cwd=tmp_path, timeout=120,
    )  # fmt: skip
    assert SECRET not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert command[0] == "desk" or "user:***@127.0.0.1" in done.stderr
    assert not [path for path in tmp_path.rglob("*") if SECRET in path.name]


@pytest.mark.postgres
def test_no_page_of_a_desk_tells_the_password(postgres: str, caplog: pytest.LogCaptureFixture) -> None:  # noqa: F811
    caplog.set_level(logging.DEBUG)
    where = conftest.fresh_database(postgres, "secrets").replace("pourparler@", f"pourparler:{SECRET}@")
    with Archive.open(where, create=True) as archive:
        assert SECRET not in repr(archive) + repr(archive.engine)
    client = TestClient(create_app(Settings(where, ahead=False), accounts=Accounts(":memory:")), base_url=ADDRESS)
    with client:
        for path in ("/", "/about", "/events", "/reports", "/add", "/api/v1/openapi.json", "/nothing", "/event/e0"):
            answer = client.get(path)
            assert SECRET not in answer.text + repr(answer.headers), path
    assert SECRET not in caplog.text


def test_no_page_tells_a_session_or_a_key(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="pourparler")
    path = tmp_path / "a.db"
    Archive.open(path, create=True).close()
    client, accounts = with_accounts(path)
    key = accounts.new_key("owner")
    assert signed_in(client, "owner") == 303
    cookies = [value for name, value in client.cookies.items() if "form" not in name]
    assert cookies
    for page in ("/", "/about", "/accounts", "/accounts/log", "/audit", "/reports", "/nothing"):
        text = client.get(page).text + client.get(page, headers={"Authorization": f"Bearer {key}"}).text
        assert not any(secret in text for secret in (*cookies, key)), page
    assert not any(secret in caplog.text for secret in (*cookies, key))
    assert not any(secret in one.what for one in accounts.log() for secret in (*cookies, key))


def test_an_address_with_a_password_is_not_asked_and_not_told() -> None:
    with pytest.raises(IntakeError, match="user's name or password") as told:
        request(f"https://ann:{SECRET}@192.0.2.1/feed", headers={})
    assert SECRET not in "".join(traceback.format_exception(told.value))
    assert "https://192.0.2.1/feed" in str(told.value)
