"""Tellings to compare, in blocks of days: each fits memory, however many the archive holds or came in at once."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from pourparler.archive import candidates, schema
from pourparler.archive.candidates import Candidate
from pourparler.archive.sql import portions

# Tellings of a block's own days, where no single day has more; those of the days behind come on top. Joining 75,946
# tellings of 24 years at once peaks at 0.47 GB with 5,000, at 0.55 GB with 20,000, and takes as long. 5,000 are
# settled in one to two seconds, in which nobody else can write; who waits for longer than ten gives up.
LIMIT = 5_000


@dataclass(frozen=True, slots=True)
class Block:
    """Tellings, sorted by key: all of its own ``days``, and of the days behind that these are compared with.

    Its pairs are those whose earlier telling lies in ``days`` and of which one is ``fresh``, so that each pair of an
    archive is that of one block.
    """

    found: Sequence[Candidate]
    days: frozenset[datetime.date]
    fresh: frozenset[str]


def runs(connection: Connection, fresh: Collection[datetime.date], limit: int) -> list[list[datetime.date]]:
    """Return the days on which the earlier telling of a pair may lie, sorted, in runs: each is a block's own days.

    ``fresh`` are the days of fresh tellings. A run has at most ``limit`` tellings, or it is of one day.
    """
    telling, wide = schema.telling, candidates.rules().days
    reach = {day.toordinal() - n for day in fresh for n in range(wide + 1)}
    days = [datetime.date.fromordinal(n).isoformat() for n in sorted(reach) if n > 0]
    query = select(telling.c.day, func.count()).group_by(telling.c.day)
    counts = {
        day: count
        for portion in portions(days)
        for day, count in connection.execute(query.where(telling.c.day.in_(portion)))
    }
    out: list[list[datetime.date]] = []
    size = 0
    for day in sorted(counts):
        if not out or size + counts[day] > limit:
            out.append([])
            size = 0
        out[-1].append(datetime.date.fromisoformat(day))
        size += counts[day]
    return out


def load(connection: Connection, days: Sequence[datetime.date], fresh: frozenset[str]) -> Block:
    """Return the block of own days; ``fresh`` are the keys of all fresh tellings, of other blocks too."""
    last, wide = datetime.date.max.toordinal(), candidates.rules().days
    reach = {day.toordinal() + n for day in days for n in range(wide + 1)}
    near = [datetime.date.fromordinal(n).isoformat() for n in sorted(reach) if n <= last]
    found = candidates.load(connection, near)
    return Block(found, frozenset(days), frozenset(one.key for one in found if one.key in fresh))
