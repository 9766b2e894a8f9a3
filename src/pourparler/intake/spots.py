"""Where in a source a report stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pourparler.errors import IntakeError
from pourparler.intake.formats import Parsed


@dataclass(frozen=True, slots=True)
class Spot:
    """The place of one report: ``unit`` says what ``number`` counts ("line", "row", "item", "byte").

    ``str`` is for people ("a.jsonl, line 3"), ``key`` for an archive that goes on where it stopped ("a.jsonl:3").
    """

    name: str
    unit: str = ""
    number: int = 0

    def __str__(self) -> str:
        return f"{self.name}, {self.unit} {self.number}" if self.unit else self.name

    @property
    def place(self) -> str:
        """The place within the source; empty where the source is one report."""
        return f"{self.unit} {self.number}" if self.unit else ""

    @property
    def key(self) -> str:
        return f"{self.name}:{self.number}" if self.unit else self.name

    def error(self, problem: str, advice: str) -> IntakeError:
        """Return the error that says what is wrong at this place."""
        return IntakeError(str(self), problem, advice)


# What stands at a place: a row of columns, a parsed report, or what is wrong with it.
Found = Mapping[str, Any] | Parsed | IntakeError
Items = Iterator[tuple[Spot, Found]]
