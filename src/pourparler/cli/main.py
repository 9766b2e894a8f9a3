"""``pourparler``: the commands, and how errors end a run.

Exit codes: 0 everything was read; 1 something was set aside or could not be written; 2 wrong use.
"""

from __future__ import annotations

import errno
import json
import os
import sys

import click

import pourparler
from pourparler.cli.archive import archive
from pourparler.cli.batch import batch
from pourparler.cli.brief import brief, page
from pourparler.cli.desk import desk
from pourparler.cli.events import events
from pourparler.cli.forget import forget
from pourparler.cli.knowledge import knowledge
from pourparler.cli.process import process
from pourparler.cli.read import read
from pourparler.cli.review import review
from pourparler.cli.verdict import verdict
from pourparler.cli.watch import watch
from pourparler.errors import PourparlerError, out_of_memory
from pourparler.export.view import printable

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# What newer versions of click end with where a group is given nothing: its message is our own help, many lines.
_HELP: tuple[type[click.ClickException], ...] = (
    (click.exceptions.NoArgsIsHelpError,) if hasattr(click.exceptions, "NoArgsIsHelpError") else ()
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(pourparler.__version__, prog_name="pourparler")
def commands() -> None:
    """Read the news about peace talks and keep the record."""


@commands.command()
def schema() -> None:
    """Print the JSON Schema of a record."""
    from pourparler.record import schema as record_schema

    click.echo(json.dumps(record_schema(), indent=2))


commands.add_command(read)
commands.add_command(knowledge)
archive.add_command(forget)
commands.add_command(archive)
commands.add_command(batch)
commands.add_command(watch)
commands.add_command(events)
process.add_command(page)
commands.add_command(process)
commands.add_command(brief)
commands.add_command(review)
commands.add_command(verdict)
commands.add_command(desk)


def main() -> None:
    """Run the command line; every error Pourparler knows of ends in one line that says what to do."""
    try:
        code = commands.main(prog_name="pourparler", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("stopped", err=True)
        code = 130
    except click.ClickException as error:
        if not isinstance(error, _HELP):
            # It may have a name of a file, as whoever made the file chose it.
            error.message = printable(error.message)  # type: ignore[misc]
        error.show()
        code = error.exit_code
    except PourparlerError as error:
        click.echo(printable(f"pourparler: {error}"), err=True)
        code = 1
    except BrokenPipeError:
        # The reader of our output has gone ("| head"): nothing is wrong, and nothing more can be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        told = f"output cannot be written ({error.strerror}). Make room, and do the same again"
        click.echo(f"pourparler: {told}", err=True)
        # What could not be written is not tried again at the very end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except Exception as error:
        if not out_of_memory(error):
            raise
        words = "there is not enough memory. What was written before is whole"
        click.echo(f"pourparler: {words}; give it more, and do the same again", err=True)
        code = 1
    sys.exit(code or 0)
