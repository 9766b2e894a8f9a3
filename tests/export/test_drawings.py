"""What is drawn of a process: the newest days are, and what lies outside keeps to its list."""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path

from tests.archive.chronicles import PROCESS, Made, chronicle, tell

from pourparler.archive.views import relations, timeline
from pourparler.export.lanes import drawings, named
from pourparler.export.process_page import page
from pourparler.export.relation_charts import pairs


def fights() -> list[Made]:
    """Return 300 attacks of a year."""
    return [
        tell("ASSAULT", "Norway", "Sweden", day=f"2020-{n % 12 + 1:02}-{n % 28 + 1:02}", report=f"r{n}",
             words="shelled")
        for n in range(300)
    ]  # fmt: skip


def test_the_peace_that_ends_a_war_is_drawn_and_named_within_the_drawing() -> None:
    peace = tell("AGREE", "Norway + Sweden", day="2021-08-01", words="peace treaty")
    rows = timeline.view(chronicle(*fights(), peace))
    tops = named(rows)
    assert tops[-1].type == "AGREE"
    for one in drawings(rows, PROCESS):
        assert [name.number for name in one.names] == list(range(1, len(tops) + 1))
        assert all(one.left <= name.x <= one.right for name in one.names)
        assert any(dot.type == "AGREE" for dot in one.dots)


def test_what_stands_out_far_ahead_has_its_number_in_the_list_alone() -> None:
    far = tell(
        "AGREE", "Norway + Sweden", day="2023-08-01", told="2020-12-01", status="planned", words="peace treaty"
    )
    rows = timeline.view(chronicle(*fights(), far))
    tops = named(rows)
    assert tops[-1].day == "2023-08-01"
    for one in drawings(rows, PROCESS):
        assert [name.number for name in one.names] == list(range(1, len(tops)))
        assert all(one.left <= name.x <= one.right for name in one.names)


def test_the_last_months_of_relations_are_drawn() -> None:
    made = chronicle(
        *(tell("ASSAULT", "Norway", "Sweden", day=f"{2000 + n // 12}-{n % 12 + 1:02}-01", words=f"w{n}")
          for n in range(240))
    )  # fmt: skip
    ((one,), left) = pairs(relations.view(made, today=datetime.date(2019, 12, 31)), (), (), ["Norway", "Sweden"])
    assert left == 0
    assert all(len(chart.bars) == 240 for chart in one.charts)


def test_a_page_names_commands_by_the_file_that_they_find() -> None:
    process = dataclasses.replace(PROCESS, path=Path("two words.toml"))
    made = chronicle(tell("ASSAULT", "Norway", "Sweden", day="2023-05-01", words="shelled"), process=process)
    assert page(made).relations_command == "pourparler process relations 'two words'"
    assert page(chronicle()).relations_command == "pourparler process relations nordic"
