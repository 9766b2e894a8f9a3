"""A round of review: what is shown of a telling, and what each key does."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence

import click
from sqlalchemy import Connection

from pourparler.archive import schema
from pourparler.archive.doubts import Doubt, near
from pourparler.archive.fields import FIELDS
from pourparler.archive.kept import document_of
from pourparler.archive.store import Archive
from pourparler.archive.told import Joined, Party, Telling, passages, sayings, tellings
from pourparler.archive.verdicts import Kind, Verdict, give, undo
from pourparler.cli.verdict import described
from pourparler.errors import PourparlerError
from pourparler.export.view import printable
from pourparler.record import Document

_HELP = "a accept  r reject  c correct  j join  s split  n note  u undo  space skip  q quit > "
# So much of another telling's passage is shown.
_SHORT = 160


class Keys:
    """Keys and answers: from a terminal as they are pressed, else from the lines of standard input."""

    def __init__(self) -> None:
        self._terminal = sys.stdin.isatty()

    def key(self, question: str) -> str:
        """Return the key pressed; "q" where input has ended."""
        click.echo(question, nl=False)
        if self._terminal:
            pressed = click.getchar()
            click.echo()
            return " " if pressed in ("\r", "\n") else pressed[:1]
        line = sys.stdin.readline()
        click.echo()
        return line.rstrip("\r\n")[:1] or " " if line else "q"

    def words(self, question: str) -> str:
        """Return a line of words, without blanks around; empty where input has ended."""
        click.echo(question, nl=False)
        line = sys.stdin.readline()
        if not self._terminal:
            click.echo()
        return line.strip()


class Round:
    """One look through doubtful tellings."""

    def __init__(self, archive: Archive, found: Sequence[Doubt], *, by: str, keys: Keys) -> None:
        self._archive = archive
        self._found = found
        self._by = by
        self._keys = keys
        self._at = 0
        self._given: list[tuple[int, Verdict]] = []
        self._decide: dict[str, Callable[[Telling], None]] = {
            "a": lambda one: self._give("accept", one),
            "r": lambda one: self._give("reject", one),
            "c": self._correct,
            "j": self._join,
            "s": lambda one: self._give("split", one),
            "n": lambda one: self._give("note", one, why=self._keys.words("note: ")),
        }

    def go(self) -> int:
        """Ask about each until input ends; return how many verdicts stand at the end."""
        while self._at < len(self._found) and self._one(self._found[self._at]):
            pass
        return len(self._given)

    def _one(self, doubt: Doubt) -> bool:
        """Show one telling and do what a key says; return False to end."""
        with self._archive.reading() as connection:
            found = tellings(connection, schema.telling.c.key == doubt.telling)
            lines = list(_shown(connection, found[0], doubt)) if found else []
        if not found:
            # Somebody else has rejected it since the round began.
            self._at += 1
            return True
        click.echo(f"\n{self._at + 1} of {len(self._found)}")
        for line in lines:
            click.echo(line)
        key = self._keys.key(_HELP).lower()
        try:
            self._do(key, found[0])
        except PourparlerError as error:
            click.echo(printable(str(error)))
        return key != "q"

    def _do(self, key: str, one: Telling) -> None:
        if key == "u":
            self._undo()
        elif key in self._decide:
            self._decide[key](one)
        elif key not in (" ", "q"):
            click.echo(f"the key {printable(key)!r} does nothing here")
        # What corrects, joins or notes may not be all there is to say: the telling is shown again as it is now.
        if key in ("a", "r", " "):
            self._at += 1

    def _give(
        self,
        kind: Kind,
        one: Telling,
        *,
        field: str | None = None,
        value: str | None = None,
        other: str | None = None,
        why: str | None = None,
    ) -> None:
        made = give(self._archive, kind, one.key, field=field, value=value, other=other, by=self._by, why=why)
        self._given.append((self._at, made))
        click.echo(printable(f"{made.key}  {described(made)}"))

    def _correct(self, one: Telling) -> None:
        field = self._keys.words(f"field ({', '.join(FIELDS)}): ")
        if field not in FIELDS:
            click.echo(f"{printable(field)!r} is no field that can be corrected")
            return
        self._give("correct", one, field=field, value=self._keys.words(f"{field}, the right value: "))

    def _join(self, one: Telling) -> None:
        with self._archive.reading() as connection:
            events = near(connection, one)
        if not events:
            click.echo("no other event lies within a week")
            return
        for n, event in enumerate(events, 1):
            click.echo(printable(f"{n}  {_event(event)}"))
        chosen = self._keys.key(f"join with (1 to {len(events)}; other keys leave it) > ")
        if chosen in [str(n) for n in range(1, len(events) + 1)]:
            self._give("join", one, other=events[int(chosen) - 1].tellings[0])

    def _undo(self) -> None:
        if not self._given:
            click.echo("nothing has been decided in this round yet")
            return
        self._at, last = self._given.pop()
        made = undo(self._archive, last.key, by=self._by)
        click.echo(printable(f"{made.key}  {described(made)}"))


def _shown(connection: Connection, one: Telling, doubt: Doubt) -> Iterator[str]:
    document = document_of(connection, one.report)
    yield printable(f"{one.published or '?'}  {one.publisher or '?'}: {document.title or document.text[:60]}")
    yield printable(f"why: {'; '.join(doubt.reasons)}")
    yield ""
    yield _passage(document, one)
    yield ""
    says = sayings(connection, schema.saying.c.key == one.saying) if one.saying else []
    mode = f" ({one.mode})" if one.mode else ""
    word = f", only by the word of {_names(says[0].speakers)}" if says else ""
    yield printable(f"{one.type}{mode}: {_names(one.sources)} → {_names(one.targets)}")
    yield printable(f"status {one.status}{word}; {_when(one)}; place {one.place or '?'}")
    others = [other for other in tellings(connection, schema.told.c.event == one.event) if other.key != one.key]
    words = passages(connection, others)
    for other in others:
        yield printable(f"also {other.published or '?'}, {other.publisher or '?'}, {other.status}, {_when(other)}:")
        yield f"     {printable(words[other.key])[:_SHORT]}"


def _passage(document: Document, one: Telling) -> str:
    """Return the passage with its words in bold, or between marks where there is no terminal."""
    text = document.text
    before, words, after = (
        text[one.passage_start : one.start], text[one.start : one.end], text[one.end : one.passage_end],
    )  # fmt: skip
    marked = (
        click.style(printable(words), bold=True, reverse=True) if sys.stdout.isatty() else f"»{printable(words)}«"
    )
    return _spaced(before) + marked + _spaced(after)


def _spaced(text: str) -> str:
    """Return text as ``printable`` does, but with a blank where it begins or ends with one."""
    bare = printable(text)
    return " " * text[:1].isspace() + bare + " " * (text[-1:].isspace() and bool(bare))


def _names(parties: Sequence[Party]) -> str:
    return ", ".join(f"{one.who} ({one.country})" if one.country else one.who for one in parties) or "?"


def _when(one: Telling) -> str:
    if one.first is None or one.basis == "publication":
        return f"no day stated, told {one.published or '?'}"
    return one.first if one.last in (None, one.first) else f"{one.first} to {one.last}"


def _event(one: Joined) -> str:
    told = f"{len(one.tellings)} tellings" if len(one.tellings) > 1 else "1 telling"
    return f"{one.day or '?'}  {one.type} {one.status}: {_names(one.sources)} → {_names(one.targets)} ({told})"
