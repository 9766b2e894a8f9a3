"""Counts that are added up, field by field."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Self


@dataclass(frozen=True, slots=True)
class Summed:
    """What only holds numbers: two of a kind together are their sums."""

    def __add__(self, more: Self) -> Self:
        """Return both together."""
        return replace(self, **{one.name: getattr(self, one.name) + getattr(more, one.name) for one in fields(self)})
