"""What tests of a desk with accounts share: people who are signed in, and their forms."""

from __future__ import annotations

import re
from pathlib import Path

from starlette.testclient import TestClient

from pourparler.web.accounts import Accounts
from pourparler.web.app import create_app
from pourparler.web.settings import RANK, Settings
from tests.web.conftest import ADDRESS

PASSWORD = "correct horse battery"


def with_accounts(path: Path, **settings: object) -> tuple[TestClient, Accounts]:
    """Return a client of a desk that demands accounts, with one person of each role, named as it."""
    accounts = Accounts(path.with_name("people.desk.db"), **settings.pop("clock", {}))  # type: ignore[arg-type]
    for role in reversed(RANK):
        accounts.add(role, PASSWORD, role)
    made = Settings(str(path), processes=(path.parent,), open=False, ahead=False, **settings)  # type: ignore[arg-type]
    return TestClient(create_app(made, accounts=accounts), base_url=ADDRESS, follow_redirects=False), accounts


def signed_in(client: TestClient, name: str, password: str = PASSWORD, to: str = "/") -> int:
    """Sign in by the form; return the status of the answer."""
    client.cookies.clear()
    sent = {"form_token": form_token(client, "/sign-in"), "name": name, "password": password, "to": to}
    return client.post("/sign-in", data=sent).status_code


def form_token(client: TestClient, page: str) -> str:
    """Return the form token of a page, whether it has a form or not."""
    found = re.search(r'name="form-token" content="([^"]+)"', client.get(page).text)
    assert found
    return found[1]


def hidden(html: str, key: str) -> dict[str, str]:
    """Return the hidden fields of the form with the button of a key, as a browser would send them."""
    from html import unescape

    form = next(one for one in html.split("<form")[1:] if f'data-key="{key}"' in one.split("</form>")[0])
    return {name: unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)}
