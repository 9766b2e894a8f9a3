"""Days to places on a drawing, and the days that a drawing is marked at."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# Of so many days and more, a thousandth at the beginning, and a hundredth at the end where some lie ahead, do not
# decide what is drawn: one report that dates an event to 1994 would squeeze all others into a corner.
_MANY = 200
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Tick:
    """A place (pixels) and what is written there; ``strong`` ones begin a year."""

    x: float
    text: str
    strong: bool


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps the days ``first`` to ``last`` (both drawn) to ``left`` .. ``right`` pixels."""

    first: datetime.date
    last: datetime.date
    left: float
    right: float

    def x(self, day: datetime.date) -> float:
        """Return the place of a day."""
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return round(self.left + share * (self.right - self.left), 1)

    def holds(self, day: datetime.date) -> bool:
        """True where a day is drawn."""
        return self.first <= day <= self.last

    def ticks(self) -> tuple[Tick, ...]:
        """Return the beginnings of years, or of quarters in less than three years; words where there is room."""
        years = self.last.year - self.first.year
        months = (1, 4, 7, 10) if years < 3 else (1,)
        every = [
            datetime.date(year, month, 1) for year in range(self.first.year, self.last.year + 1) for month in months
        ]
        days = [day for day in every if self.holds(day)]
        step = 1 + int(44 * len(days) / max(self.right - self.left, 1))
        # Where not all have room, quarters go before years, and then of years every second, third ...
        return tuple(
            Tick(self.x(day), _tick(day) if (day.month == 1 if years < 3 else n % step == 0) or step == 1 else "",
                 day.month == 1)
            for n, day in enumerate(days)
        )  # fmt: skip


def _tick(day: datetime.date) -> str:
    return str(day.year) if day.month == 1 else _MONTHS[day.month - 1]


def span(days: Iterable[datetime.date], *, ahead: bool = False) -> tuple[datetime.date, datetime.date] | None:
    """Return the first and last day to draw, both at a month's beginning; None where there is no day.

    Without ``ahead`` none of the days is one that only may come: then the last is always drawn, as it is the newest.
    """
    ordered = sorted(days)
    if not ordered:
        return None
    early, late = (len(ordered) // 1000, len(ordered) // 100 if ahead else 0) if len(ordered) >= _MANY else (0, 0)
    first, last = ordered[early], ordered[len(ordered) - 1 - late]
    return first.replace(day=1), next_month(last)


def next_month(day: datetime.date) -> datetime.date:
    """Return the first day of the month after that of a day (the last day there is, at the end of time)."""
    if (day.year, day.month) == (datetime.MAXYEAR, 12):
        return datetime.date.max
    return datetime.date(day.year + day.month // 12, day.month % 12 + 1, 1)


def steps(places: Sequence[float], widths: Sequence[float]) -> list[int]:
    """Return the row of each label, 0 the highest: places ascend, words run right, a line leads down from each.

    A label stands lower than all before it whose words reach over its place: so no line crosses another's words.
    """
    rows: list[int] = []
    for n, at in enumerate(places):
        over = [rows[m] for m in range(n) if places[m] + widths[m] > at]
        rows.append(1 + max(over, default=-1))
    return rows
