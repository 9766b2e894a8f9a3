"""What an intake says, gathered for a test."""

from __future__ import annotations

from pourparler.errors import IntakeError
from pourparler.intake import Intake, Spot, find_sources
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
