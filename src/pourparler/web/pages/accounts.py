"""The accounts page: an owner keeps people and their roles; everybody keeps the keys of their own programs."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pourparler.errors import DeskError
from pourparler.web.accounts import Accounts
from pourparler.web.guard import demand, may
from pourparler.web.render import page, shell
from pourparler.web.settings import RANK, Role
from pourparler.web.state import desk_of

PATH = "/accounts"


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody with an account, and how many keys their programs have."""

    name: str
    role: str
    keys: int


@dataclass(frozen=True, slots=True)
class AccountsPage:
    """What the page shows: to an owner all ``people``, to others themselves; ``key`` is a new one, shown once."""

    people: tuple[Line, ...]
    me: Line | None
    roles: tuple[str, ...]
    problem: str | None
    key: str | None


def routes() -> list[Route]:
    """Return the routes of this page."""
    return [
        Route(PATH, show, methods=["GET"]),
        Route(f"{PATH}/add", add, methods=["POST"]),
        Route(f"{PATH}/remove", remove, methods=["POST"]),
        Route(f"{PATH}/key", new_key, methods=["POST"]),
        Route(f"{PATH}/keys", drop_keys, methods=["POST"]),
    ]


def show(request: Request) -> Response:
    """Show the accounts."""
    demand(request, "reader")
    return _page(request)


def _page(request: Request, *, problem: str | None = None, key: str | None = None) -> Response:
    accounts, person = desk_of(request).accounts, demand(request, "reader")
    every = [Line(one.name, one.role, accounts.keys(one.name)) for one in accounts.people()]
    me = next((one for one in every if one.name == person.name), None)
    people = tuple(every) if may(request, "owner") else ()
    context = AccountsPage(people, me, tuple(RANK), problem, key)
    return page(
        request, "accounts.html", shell(request, "Accounts", "accounts"), context, status=400 if problem else 200
    )


async def add(request: Request) -> Response:
    """Make an account, or give one another password and role."""
    person, accounts, sent = demand(request, "owner"), desk_of(request).accounts, await request.form()
    name, role = _word(sent, "name"), next((one for one in RANK if one == _word(sent, "role")), None)
    if role is None:
        return _page(request, problem=f"There is no such role. Roles are {', '.join(RANK)}.")
    return await run_in_threadpool(_added, request, accounts, person.name, name, str(sent.get("password", "")), role)


def _added(request: Request, accounts: Accounts, by: str, name: str, password: str, role: Role) -> Response:
    try:
        accounts.add(name, password, role)
    except DeskError as error:
        return _page(request, problem=str(error))
    accounts.note(by, f"account {name}: {role}, new password")
    return _back(f"{name} may sign in as {role}.")


async def remove(request: Request) -> Response:
    """Remove an account with its sessions and keys; what they decided stays."""
    person, accounts, sent = demand(request, "owner"), desk_of(request).accounts, await request.form()
    name = _word(sent, "name")
    try:
        accounts.remove(name)
    except DeskError as error:
        return _page(request, problem=str(error))
    accounts.note(person.name, f"account {name}: removed")
    return _back(f"{name} may sign in no longer.")


async def new_key(request: Request) -> Response:
    """Make a key for a program of the person who asks, and show it this once."""
    person, accounts = demand(request, "reader"), desk_of(request).accounts
    try:
        key = accounts.new_key(person.name)
    except DeskError as error:
        return _page(request, problem=str(error))
    accounts.note(person.name, "new key")
    return _page(request, key=key)


async def drop_keys(request: Request) -> Response:
    """Make all keys of the person who asks worthless."""
    person, accounts = demand(request, "reader"), desk_of(request).accounts
    dropped = accounts.drop_keys(person.name)
    accounts.note(person.name, f"{dropped} keys dropped")
    return _back("Your keys open nothing any more.")


def _back(words: str) -> Response:
    return RedirectResponse(f"{PATH}?{urlencode({'said': words})}", 303)


def _word(sent: FormData, name: str) -> str:
    value = sent.get(name)
    return value.strip() if isinstance(value, str) else ""
