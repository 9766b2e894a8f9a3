"""``pourparler archive forget``: reports, or a person's name, out of an archive for good."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pourparler.cli.archive import archive_option, join_archive, quiet_option
from pourparler.cli.output import tell
from pourparler.errors import ArchiveError
from pourparler.export.view import printable

if TYPE_CHECKING:
    from pourparler.archive.forgetting import Plan
    from pourparler.archive.naming import Name
    from pourparler.archive.removing import Removed
    from pourparler.archive.store import Archive

# Reports listed by --dry-run and before asking.
_LISTED = 20


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the command line asks for."""

    reports: tuple[str, ...]
    copies: bool
    person: str | None
    aliases: tuple[str, ...]
    whole: bool
    by: str
    why: str
    dry_run: bool
    yes: bool
    listing: bool
    allow: int | None
    finish: bool

    def check(self) -> None:
        """Raise click.UsageError where it makes no sense."""
        asked = (bool(self.reports), bool(self.person), self.listing, self.allow is not None, self.finish)
        if sum(asked) != 1:
            raise click.UsageError("Give one of --report, --person, --list, --allow and --finish.")
        if (self.copies and not self.reports) or ((self.aliases or self.whole) and not self.person):
            raise click.UsageError("--copies goes with --report, --alias and --whole with --person.")

    @property
    def spellings(self) -> tuple[str, ...]:
        """The person's name and other spellings, as they were given."""
        return tuple(one.rstrip("*") for one in (self.person, *self.aliases) if one)


@click.command()
@archive_option
@click.option("--report", "reports", multiple=True, metavar="KEY", help="A report that goes; may be repeated.")
@click.option("--copies", is_flag=True, help="With --report: the reports that repeat it go too.")
@click.option("--person", metavar="NAME", help="A person, by full name: masked wherever reports name them.")
@click.option("--alias", "aliases", multiple=True, help='With --person: another spelling ("Begin*": all such words).')
@click.option("--whole", is_flag=True, help="With --person: reports that name them go instead.")
@click.option("--by", default="", help="Who does it; kept for good.")
@click.option("--reason", "why", default="", help="Why; kept for good. It must not name what is forgotten.")
@click.option("--dry-run", is_flag=True, help="Only list what would go.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--list", "listing", is_flag=True, help="List what was done: when, by whom, why, how much; never what.")
@click.option("--allow", type=int, metavar="N", help="Let the reports of entry N come in again.")
@click.option("--finish", is_flag=True, help="Erase the bytes of what was forgotten before, where that broke off.")
@quiet_option
def forget(where: str, quiet: bool, **options: Any) -> None:
    """Remove reports, or a person's name, from the archive for good; it cannot be taken back.

    Backups, exports and the server's own logs are not reached; see docs/privacy.md.
    """
    from pourparler.archive.store import Archive

    asked = _Asked(**options)
    asked.check()
    with Archive.open(where) as kept:
        if asked.listing:
            _list(kept)
        elif asked.finish:
            _finish(kept, quiet=quiet)
        elif asked.allow is not None:
            _allow(kept, asked.allow, asked)
        else:
            plan = _planned(kept, asked)
            _tell(kept, plan)
            if not asked.dry_run:
                _ask(asked)
                _do(kept, plan, asked, quiet=quiet)


def _planned(kept: Archive, asked: _Asked) -> Plan:
    from pourparler.archive.forgetting import plan_person, plan_reports
    from pourparler.archive.naming import name_of

    if asked.person is None:
        return plan_reports(kept, asked.reports, copies=asked.copies)
    return plan_person(kept, name_of(asked.person, asked.aliases), whole=asked.whole)


def _tell(kept: Archive, plan: Plan) -> None:
    from pourparler.archive.forgetting import lines_of, size_of

    for verb, found in (("goes", plan.gone), ("is masked", plan.masked)):
        for parts in lines_of(kept, found[:_LISTED]):
            click.echo(printable(f"{verb}  {'  '.join(parts)}"))
        if len(found) > _LISTED:
            click.echo(f"... and {len(found) - _LISTED:,} more")
    size = size_of(kept, plan.reports)
    click.echo(
        f"{len(plan.gone):,} reports go, {len(plan.masked):,} are masked: {size.arrivals:,} arrivals, "
        f"{size.records:,} records, {size.tellings:,} tellings, {size.statements:,} statements, "
        f"{size.verdicts:,} verdicts"
    )
    if plan.copies:
        click.echo(f"{len(plan.copies):,} reports repeat it and stay (--copies takes them too)")


def on_terminal() -> bool:
    """Return whether a person can be asked."""
    return sys.stdin.isatty()


def _ask(asked: _Asked) -> None:
    if asked.yes:
        return
    if not on_terminal():
        raise click.UsageError("It cannot be taken back: say --yes, or look first with --dry-run.")
    click.confirm("Forget this for good?", abort=True)


def _do(kept: Archive, plan: Plan, asked: _Asked, *, quiet: bool) -> None:
    from pourparler.archive.forgetting import forget as forgotten
    from pourparler.web.forgetting import forget_at_desk
    from pourparler.web.settings import accounts_path

    desk, changed = accounts_path(kept.where), 0

    def at_desk(removed: Removed) -> None:
        nonlocal changed
        changed = forget_at_desk(desk, keys=removed.keys, words=removed.words, name=plan.name)

    done = forgotten(kept, plan, by=asked.by, why=asked.why, beside=at_desk)
    join_archive(kept, quiet=quiet)
    _tell_done(done, changed, quiet=quiet)
    if plan.name is not None:
        _tell_traces(kept, plan.name, asked.spellings, desk)


def _tell_done(done: Removed, changed: int, *, quiet: bool) -> None:
    if quiet:
        return
    click.echo(f"forgotten; {done.verdicts:,} verdicts went, {changed:,} lines of the desk changed", err=True)
    if done.left:
        left = ", ".join(done.left[:_LISTED])
        tell(f"note: taken for somebody else's and left as they are: {left}")
    click.echo("note: start a running desk anew; backups and exports are not reached (docs/privacy.md)", err=True)


def _tell_traces(kept: Archive, name: Name, spellings: tuple[str, ...], desk: Path) -> None:
    from pourparler.archive.tracing import bytes_of, traces

    found = list(dict.fromkeys(traces(kept, name)))
    if "://" not in kept.where:
        found += bytes_of(Path(kept.where), spellings)
    found += bytes_of(desk, spellings)
    for line in found[:_LISTED]:
        tell(f"error: the name still stands in {line}")
    if found:
        raise ArchiveError(f"forget: {len(found)} traces are left. Reports may have come in meanwhile: do it again")
    click.echo("no trace of the name is left in the archive and beside it")


def _list(kept: Archive) -> None:
    from pourparler.archive.forgetting import entries

    for one in entries(kept):
        what = f"{one.removed:,} removed, {one.masked:,} masked, {one.barred:,} barred"
        open_end = "" if one.erased else "; its bytes are not erased yet: pourparler archive forget --finish"
        click.echo(printable(f"{one.n}  {one.at}  {one.kind}  {what}  by {one.by}: {one.why}{open_end}"))


def _finish(kept: Archive, *, quiet: bool) -> None:
    from pourparler.archive.forgetting import finish

    finish(kept)
    click.echo("the bytes of what was forgotten are erased")
    # Where erasing broke off, joining did not begin.
    join_archive(kept, quiet=quiet)


def _allow(kept: Archive, n: int, asked: _Asked) -> None:
    from pourparler.archive.forgetting import allow

    gone = allow(kept, n, by=asked.by, why=asked.why)
    click.echo(f"{gone:,} reports may come in again")
