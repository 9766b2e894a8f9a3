"""What people hand in at the desk, made into reports: pasted text, uploaded files, addresses of pages and feeds."""

from __future__ import annotations

import dataclasses
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pourparler.archive.feeds import Feed, FeedState, Poller
from pourparler.archive.store import Arrived
from pourparler.errors import IntakeError
from pourparler.export.view import printable
from pourparler.intake import Intake, Spot, find_sources
from pourparler.intake.feed import feed_items, is_feed
from pourparler.intake.formats import Parsed
from pourparler.intake.reports import parse_page
from pourparler.intake.web import Page, public_only, request, written_inside
from pourparler.record import Document, published_form
from pourparler.web.adding import Gather, Job

# The endings of a name are all that is taken from it: letters and digits, two at most (".jsonl.gz").
_ENDINGS = re.compile(r"(?:\.[A-Za-z0-9]{1,8}){1,2}\Z")
_MOST_NAME = 120
# A feed holds 10 to 1,000 items, and a polling fetches 40 pages; one that makes new items without end ends here.
_POLLINGS = 30
PASTED = "pasted at the desk"


@dataclass(frozen=True, slots=True)
class Pasted:
    """A report as somebody pasted it."""

    text: str
    title: str | None = None
    published: str | None = None
    publisher: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent: its name, which only endings are taken of, and its content."""

    name: str
    content: IO[bytes]


def intake(job: Job, *, published: str | None = None) -> Intake:
    """Return the intake whose errors and notes a job takes."""
    return Intake(published=published, on_error=job.problem, on_note=job.note)


def pasted(given: Sequence[Pasted]) -> Gather:
    """Return what yields pasted reports; raises IntakeError at once for a day that is none."""
    reports = [dataclasses.replace(one, published=day_of(one.published)) for one in given]

    def gather(job: Job) -> Iterator[Arrived]:
        job.total = len(reports)
        for number, one in enumerate(reports, 1):
            spot = Spot(PASTED, "report", number) if len(reports) > 1 else Spot(PASTED)
            try:
                yield Arrived(intake(job).document(_parsed(one), spot), PASTED)
            except IntakeError as error:
                job.problem(error)

    return gather


def _parsed(one: Pasted) -> Parsed:
    return Parsed(
        one.text.replace("\r\n", "\n"), one.title or None, one.published, one.publisher or None, one.url or None
    )


def day_of(published: str | None) -> str | None:
    """Return a day of publication in its one form; raises IntakeError where it is none."""
    if not published or not published.strip():
        return None
    try:
        return published_form(published.strip())
    except ValueError as error:
        raise IntakeError("day of publication", str(error), "Write it as YYYY-MM-DD") from error


def uploaded(uploads: Sequence[Upload], *, published: str | None) -> tuple[Gather, tempfile.TemporaryDirectory[str]]:
    """Return what yields the reports of uploaded files, and the folder where these lie until it has ended.

    Files lie there under numbers: what a name says of folders is never followed.
    """
    day = day_of(published)
    folder = tempfile.TemporaryDirectory(prefix="pourparler-")
    files: list[tuple[Path, str]] = []
    try:
        for number, one in enumerate(uploads):
            path = Path(folder.name) / f"{number}{_endings(one.name)}"
            with path.open("wb") as stream:
                shutil.copyfileobj(one.content, stream, 1024 * 1024)
            files.append((path, shown_name(one.name, number)))
    except BaseException:
        folder.cleanup()
        raise

    def gather(job: Job) -> Iterator[Arrived]:
        names = {str(path): name for path, name in files}
        found = [
            dataclasses.replace(source, name=names[str(source.path)])
            for source in find_sources(names, on_error=lambda error: job.problem(_renamed(error, names)))
        ]
        taking = intake(job, published=day)
        job.total = taking.count(found)
        for document, spot in taking.placed(found):
            yield Arrived(document, spot.name, spot.place)

    return gather, folder


def _renamed(error: IntakeError, names: dict[str, str]) -> IntakeError:
    return IntakeError(names.get(error.source, "a file"), error.problem, error.advice)


def _endings(name: str) -> str:
    found = _ENDINGS.search(name)
    return found[0].lower() if found else ""


def shown_name(name: str, number: int) -> str:
    """Return how a file is called in what is told of it: the last part of its name, printable, not too long."""
    last = printable(re.split(r"[/\\]", name)[-1]).strip()
    return last[-_MOST_NAME:] or f"file {number + 1}"


def fetched(url: str, *, full: bool) -> Gather:
    """Return what yields the report of a page, or the items of a feed, each with its page where ``full`` is set.

    No address on this machine or in a private network is asked, nor followed to: the desk's own machine may reach
    what whoever gives the address must not.
    """
    if not url.startswith(("http://", "https://")):
        raise IntakeError(printable(url[:80]), "only http and https addresses are read", "Give such an address")
    if written_inside(url):
        raise IntakeError(url, "this is no public address", "Save the page and upload the file")

    def gather(job: Job) -> Iterator[Arrived]:
        public_only(url)
        page = request(url, headers={"User-Agent": "pourparler"}, public=True)
        if page.status >= 400:
            raise IntakeError(url, f"the server answered {page.status}", "Check the address")
        if not is_feed(page.data):
            job.total = 1
            yield Arrived(intake(job).document(parse_page(page, url, job.note), Spot(url)), url)
            return
        for document in _polled(url, job) if full else _items(page, url, job):
            yield Arrived(document, url)

    return gather


def _items(page: Page, url: str, job: Job) -> Iterable[Document]:
    taking = intake(job)
    for spot, found in feed_items(page.data, url, job.note, base=page.url):
        try:
            if isinstance(found, IntakeError):
                raise found
            if isinstance(found, Parsed):
                yield taking.document(found, spot)
        except IntakeError as error:
            job.problem(error)


def _polled(url: str, job: Job) -> Iterator[Document]:
    """Yield a feed's items with their pages. Nobody polls it later, so what one polling leaves is asked for here."""
    poller, state = Poller(on_error=job.problem, on_note=job.note), FeedState()
    for _ in range(_POLLINGS):
        found = poller.poll(Feed(url, full=True), state)
        job.total += len(found.documents)
        yield from found.documents
        if found.state.seen == state.seen:
            return
        state = dataclasses.replace(found.state, due=None)
