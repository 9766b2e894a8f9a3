"""A clock that jumps about: keys, order and content are the same, and the last verdict counts."""

from __future__ import annotations

import datetime
from pathlib import Path

from sqlalchemy import select

from pourparler.archive import schema
from pourparler.archive.store import Archive
from tests.endure.endure_child import Orders
from tests.endure.endure_commands import command, run
from tests.endure.endure_invariants import same, whole
from tests.endure.endure_report import example_lines, written


def _seconds(*day: int) -> float:
    return datetime.datetime(*day, tzinfo=datetime.UTC).timestamp()  # type: ignore[arg-type]


# A leap day's last second, a year back, the end of 32-bit time, its beginning, and far ahead.
_JUMPS = (
    _seconds(2024, 2, 29, 23, 59, 59), _seconds(2023, 3, 1), _seconds(2038, 1, 19, 3, 14, 8), 0.0,
    _seconds(2107, 1, 1), _seconds(2023, 2, 28, 23, 59, 59),
)  # fmt: skip


def test_the_content_does_not_depend_on_the_clock(tmp_path: Path) -> None:
    source = str(written(tmp_path / "reports.jsonl", example_lines(40)))
    found = []
    for name, clock in (("even", ()), ("jumping", _JUMPS)):
        where, orders = str(tmp_path / f"{name}.db"), Orders(clock=clock)
        assert run(command("archive", "add", source, "--archive", where), orders=orders).code == 0
        with Archive.open(where) as archive, archive.reading() as connection:
            telling = (
                connection.execute(select(schema.telling.c.key).order_by(schema.telling.c.key)).scalars().first()
            )
        for place in ("Yerevan", "Baku", "Tbilisi"):
            words = (
                "verdict",
                "add",
                str(telling),
                "correct",
                "--field",
                "place",
                "--value",
                place,
                "--by",
                "tester",
            )
            done = run(command(*words, "--archive", where), orders=orders)
            assert done.code == 0, done.err
        found.append(whole(where))
        with Archive.open(where) as archive, archive.reading() as connection:
            query = select(schema.telling.c.place).where(schema.telling.c.key == telling)
            assert connection.execute(query).scalar_one() == "Tbilisi"
            moments = set(connection.execute(select(schema.arrival.c.at)).scalars())
    assert any(at.startswith(("2024", "2023", "2038", "1970", "2107")) for at in moments), "the clock did not jump"
    same(str(tmp_path / "jumping.db"), found[0])
