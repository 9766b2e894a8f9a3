"""``pourparler desk``: the web page where analysts work, and who may use it."""

from __future__ import annotations

import getpass
import socket
import sys
import threading
import time
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from pourparler.cli.archive import archive_option
from pourparler.cli.output import tell
from pourparler.errors import DeskError
from pourparler.export.view import printable

if TYPE_CHECKING:
    import uvicorn
    from starlette.applications import Starlette

    from pourparler.web.accounts import Accounts
    from pourparler.web.settings import Settings

_ROLES = ("reader", "reviewer", "owner")
# How long (seconds) the browser waits for the desk, and ending waits for answers that are still being sent.
_START, _END = 20.0, 3


@click.group(invoke_without_command=True)
@archive_option
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="The address to answer on; another one demands accounts."
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8321, show_default=True, help="The port; 0 takes a free one."
)
@click.option("--no-browser", is_flag=True, help="Open no browser; the address is printed.")
@click.option("--example", is_flag=True, help="Show the example process (it is read the first time).")
@click.option(
    "--process",
    "folders",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder where process files lie, besides the current one, the archive's, and processes/ in both.",
)
@click.option("--sign-in", is_flag=True, help="Demand accounts on this machine's own address too.")
@click.option(
    "--behind-proxy",
    is_flag=True,
    help="People come through a proxy on this machine, which does TLS; demands accounts.",
)
@click.pass_context
def desk(
    context: click.Context,
    where: str,
    host: str,
    port: int,
    no_browser: bool,
    example: bool,
    folders: tuple[Path, ...],
    sign_in: bool,
    behind_proxy: bool,
) -> None:
    """Start the desk on an archive and open it in the browser; Ctrl-C ends it.

    Where there is no archive, the example process is shown.
    """
    if context.invoked_subcommand is not None:
        _check_alone(context)
        return
    from pourparler.web.settings import Settings, accounts_path, is_loopback
    from pourparler.web.state import folders as usual

    chosen = context.get_parameter_source("where") is not ParameterSource.DEFAULT
    if example or (not chosen and not Path(where).exists() and _wants_example(where)):
        where = _example_archive()
    open_to_all = is_loopback(host) and not sign_in and not behind_proxy
    path = accounts_path(where)
    if not open_to_all:
        _check_owner(path, host)
        if not is_loopback(host) and not behind_proxy:
            click.echo("note: passwords go over the network as they are; put TLS before it: --behind-proxy", err=True)
    settings = Settings(
        where, host=host, port=port, processes=(*folders, *usual(where)), open=open_to_all, user=_login()
    )
    serve(settings, _accounts(path, settings), browser=not no_browser, behind_proxy=behind_proxy)


def _check_alone(context: click.Context) -> None:
    """Raise click.UsageError where options of the desk stand before another command, which would not see them."""
    for one in context.command.params:
        if one.name and context.get_parameter_source(one.name) is ParameterSource.COMMANDLINE:
            command = f"{context.command_path} {context.invoked_subcommand}"
            raise click.UsageError(
                f"{one.opts[0]} stands before a command, which does not see it. Put {command} first"
            )


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "analyst"


def _wants_example(where: str) -> bool:
    """Ask whether to show the example; without a terminal it is shown, and that is told."""
    if not sys.stdin.isatty():
        tell(f"There is no archive {where} here: the example process is shown.")
        return True
    asked = printable(f"There is no archive {where} here. Show the example process?")
    if click.confirm(asked, default=True, err=True):
        return True
    tell(f"An empty archive is made: {where}")
    return False


def _example_archive() -> str:
    """Return the path of the example archive, made the first time."""
    from pourparler.web.example import example_archive

    return str(example_archive(on_step=tell))


def _check_owner(path: Path, host: str) -> None:
    """Raise DeskError where nobody could sign in as an owner."""
    from pourparler.web.accounts import Accounts

    if path.exists():
        kept = Accounts(path)
        owners = [one for one in kept.people() if one.role == "owner"]
        kept.close()
        if owners:
            return
    raise DeskError(
        f"{host}: others could reach this desk, and it has no owner who could sign in. "
        "Make one first: pourparler desk user add NAME --role owner"
    )


def _accounts(path: Path, settings: Settings) -> Accounts:
    """Return the accounts that lie there; of an open desk whose file of them cannot be written, none."""
    from pourparler.web.accounts import Accounts

    kept: dict[str, Any] = {"sign_ins": settings.sign_ins, "window": settings.sign_in_window}
    try:
        return Accounts(path, **kept)
    except DeskError as error:
        if not settings.open:
            raise
        tell(f"note: {error}. Visits, kept views and the log are forgotten at the end")
        return Accounts(":memory:", **kept)


def serve(settings: Settings, accounts: Accounts, *, browser: bool, behind_proxy: bool) -> None:
    """Answer until stopped; raises DeskError where the address is taken."""
    import uvicorn

    from pourparler.web.app import create_app

    with _bound(settings.host, settings.port) as bound:
        app = create_app(settings, accounts=accounts)
        server = uvicorn.Server(_config(app, behind_proxy=behind_proxy))
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        address = f"http://{host}:{bound.getsockname()[1]}/"
        telling = {"browser": browser}
        threading.Thread(target=_when_started, args=(server, address), kwargs=telling, daemon=True).start()
        app.state.desk.warm()
        try:
            server.run(sockets=[bound])
        finally:
            # Also on Ctrl-C, which the server hands on when it has ended.
            app.state.desk.close()


def _config(app: Starlette, *, behind_proxy: bool) -> uvicorn.Config:
    import uvicorn

    return uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=behind_proxy,
        # Never from the environment: only a proxy on this machine says truly who asks.
        forwarded_allow_ips=["127.0.0.1", "::1"] if behind_proxy else [],
        timeout_graceful_shutdown=_END,
        limit_concurrency=500,
    )


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        problem = error.strerror or error
        raise DeskError(
            f"{host}, port {port}: it cannot be answered there ({problem}). Give another --port"
        ) from error
    return bound


def _when_started(server: Any, address: str, *, browser: bool) -> None:
    """Tell the address once the desk answers, and open the browser there."""
    until = time.monotonic() + _START
    while not server.started and time.monotonic() < until:
        time.sleep(0.05)
    if server.started:
        click.echo(f"The desk is at {address}  (Ctrl-C ends it)")
        if browser:
            webbrowser.open(address)


@desk.group()
def user() -> None:
    """Keep the accounts of a desk that others can reach."""


def _opened(where: str) -> Accounts:
    from pourparler.web.accounts import Accounts
    from pourparler.web.settings import accounts_path

    return Accounts(accounts_path(where))


@user.command()
@click.argument("name")
@click.option("--role", type=click.Choice(_ROLES), default="reader", show_default=True, help="What NAME may do.")
@archive_option
def add(name: str, role: str, where: str) -> None:
    """Make an account, or give NAME another password and role.

    The password is asked for, unseen; without a terminal it is the first line of standard input.
    """
    from pourparler.web.settings import RANK

    if sys.stdin.isatty():
        password = click.prompt(f"Password for {name}", hide_input=True, confirmation_prompt=True, err=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    kept = _opened(where)
    try:
        kept.add(name, password, next(one for one in RANK if one == role))
        kept.note(_login(), f"account {name}: {role}, new password, by the command line")
    finally:
        kept.close()
    click.echo(f"{name} may sign in as {role}", err=True)


@user.command(name="list")
@archive_option
def list_(where: str) -> None:
    """List the accounts: name, role, number of keys."""
    kept = _opened(where)
    try:
        for one in kept.people():
            click.echo(printable(f"{one.name} {one.role} {kept.keys(one.name)}"))
    finally:
        kept.close()


@user.command()
@click.argument("name")
@archive_option
def remove(name: str, where: str) -> None:
    """Remove the account of NAME with its sessions and keys; what NAME decided stays."""
    kept = _opened(where)
    try:
        kept.remove(name)
        kept.note(_login(), f"account {name}: removed, by the command line")
    finally:
        kept.close()
    click.echo(f"{name} may sign in no longer", err=True)


@user.command()
@click.argument("name")
@click.option("--drop", is_flag=True, help="Make all keys of NAME worthless instead.")
@archive_option
def key(name: str, drop: bool, where: str) -> None:
    """Print a new key by which a program may act for NAME: Authorization: Bearer KEY."""
    kept = _opened(where)
    try:
        if drop:
            click.echo(f"{kept.drop_keys(name)} keys of {name} open nothing any more", err=True)
        else:
            click.echo(kept.new_key(name))
        kept.note(_login(), f"keys of {name}: {'dropped' if drop else 'a new one'}, by the command line")
    finally:
        kept.close()
