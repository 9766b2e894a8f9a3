"""What an intake says, gathered for a test, and limits of the test's own."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from pourparler.errors import IntakeError
from pourparler.intake import Intake, Spot, apart, feed, find_sources, formats, limits
from pourparler.record import Document

GOOD = "Armenia met Azerbaijan in Washington on Monday."


class Told:
    """What an intake said."""

    def __init__(self, *names: object, published: str | None = None) -> None:
        self.errors: list[IntakeError] = []
        self.notes: list[str] = []
        sources = find_sources([str(n) for n in names], on_error=self.errors.append)
        intake = Intake(published=published, on_error=self.errors.append, on_note=self.notes.append)
        self.count = intake.count(sources)
        self.places: list[Spot] = []
        self.documents: list[Document] = []
        for document, spot in intake.placed(sources):
            self.documents.append(document)
            self.places.append(spot)


@contextlib.contextmanager
def limited(folder: Path, toml: str) -> Iterator[None]:
    """Let processes apart be new ones, with other limits."""
    own = folder / "limits.toml"
    own.write_text(toml)
    with pytest.MonkeyPatch.context() as patch, contextlib.ExitStack() as held:
        patch.setenv(limits.OWN_LIMITS, str(own))
        for module in (apart, feed, formats):
            patch.setattr(module, "LIMITS", limits.load(str(own)))
        for name in ("_PARSER", "_OF_PARTS"):
            parser = apart._Parser()
            patch.setattr(apart, name, parser)
            held.callback(parser.end)
        yield
