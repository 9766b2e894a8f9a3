"""Seen from a day, only what reports told by that day may speak: as in an archive that holds those reports alone."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pourparler.archive.asof import as_of, seen_from
from pourparler.archive.chronicle import chronicle as load
from pourparler.archive.process import Member, Process
from pourparler.archive.store import Archive
from pourparler.archive.told import Saying
from pourparler.archive.views import (
    actors,
    agenda,
    ceasefire,
    changes,
    claims,
    commitments,
    meetings,
    positions,
    relations,
    timeline,
)
from tests.archive.by_hand import JOINED, REPORTS, fill
from tests.archive.chronicles import Made, chronicle, day, say, tell

VIEWS: tuple[Callable[..., tuple[Any, ...]], ...] = (
    timeline.view, meetings.view, claims.view, commitments.view, agenda.view, ceasefire.view, ceasefire.truces,
    positions.view, relations.view, actors.view, actors.edges, changes.changes, changes.alerts,
)  # fmt: skip
PROCESS = Process(
    "armenia-azerbaijan",
    "Armenia and Azerbaijan",
    (Member("Armenia", ("ARM",)), Member("Azerbaijan", ("AZE",))),
    (Member("Russia", ("RUS",)),),
    places=("Lachin",),
    since=datetime.date(2022, 12, 1),
)

# Sentences with the type, status and words of the act that each tells, about acts of a fortnight and the next one.
_ACTS = (
    ("CONSULT", "happened", "met", "Norway and Sweden met in Oslo."),
    ("CONSULT", "planned", "meet", "Norway and Sweden are to meet in Oslo."),
    ("CONSULT", "did_not_happen", "meeting", "The meeting of Norway and Sweden in Oslo was put off."),
    ("AGREE", "happened", "agreed", "Norway and Sweden agreed to release prisoners within a week."),
    ("AGREE", "happened", "ceasefire", "Norway and Sweden agreed on a ceasefire."),
    ("AGREE", "happened", "extended", "Norway and Sweden extended the ceasefire by a week."),
    ("AGREE", "happened", "offered", "Norway offered to open the road to Idre."),
    ("SUPPORT", "happened", "accepted", "Sweden accepted the offer to open the road to Idre."),
    ("RETREAT", "planned", "release", "Norway is to release prisoners."),
    ("RETREAT", "happened", "released", "Norway released prisoners."),
    ("ASSAULT", "happened", "shelled", "Swedish forces shelled Idre, killing 12 people."),
    ("ASSAULT", "alleged", "attacked", "Swedish forces attacked, Norway said, breaking the ceasefire."),
    ("ACCUSE", "happened", "accused", "Norway accused Sweden of breaking the ceasefire."),
    ("REJECT", "happened", "refused", "Norway refused to go to the talks."),
)
_ACTORS = (("Norway", "Sweden"), ("Sweden", "Norway"), ("Norway + Sweden", ""), ("Norway + Sweden + Finland", ""))


@st.composite
def items(draw: st.DrawFn) -> list[Made | Saying]:
    """Tellings of a few weeks, some of one event, and statements."""
    out: list[Made | Saying] = []
    for n in range(draw(st.integers(2, 14))):
        type, status, words, text = draw(st.sampled_from(_ACTS))
        who, whom = draw(st.sampled_from(_ACTORS))
        told = datetime.date(2023, 4, 20) + datetime.timedelta(draw(st.integers(0, 20)))
        ahead = draw(st.integers(1, 9)) if status == "planned" else -draw(st.integers(0, 3))
        own = draw(st.sampled_from((str(told + datetime.timedelta(ahead)), None)))
        out.append(
            tell(
                type, who, whom, day=own, told=str(told), status=status, words=words, text=f"{text} {n}",
                place=draw(st.sampled_from(("Oslo", "Idre", None))), outlet=draw(st.sampled_from("ABC")),
                event=draw(st.sampled_from((f"e{type}1", f"e{type}2", None))), report=f"r{n}",
            )
        )  # fmt: skip
        act = draw(st.sampled_from(("promise", "deny", "demand", "accuse", None)))
        if act:
            out.append(
                say(
                    act,
                    draw(st.sampled_from(("Norway", "Sweden"))),
                    f"to open the road {n}",
                    told=str(told),
                    report=f"r{n}",
                )
            )
    return out


def published(one: Made | Saying) -> str:
    return (one.telling if isinstance(one, Made) else one).published or ""


def known(every: Sequence[Made | Saying], last: datetime.date) -> list[Made | Saying]:
    return [one for one in every if published(one) <= last.isoformat()]


@settings(max_examples=25, deadline=None)
@given(items(), st.integers(0, 22))
def test_a_view_from_a_day_is_that_of_the_reports_told_by_then(every: list[Made | Saying], after: int) -> None:
    today = datetime.date(2023, 4, 19) + datetime.timedelta(after)
    whole, part = chronicle(*every), chronicle(*known(every, today))
    for view in VIEWS:
        assert view(whole, today=today) == view(part, today=today), view.__module__


@pytest.mark.parametrize("last", ["2022-12-11", "2022-12-12", "2022-12-13", "2023-05-14"])
def test_the_same_of_an_archive(last: str, tmp_path: Path) -> None:
    records = [one for one in REPORTS if (one.document.published or "") <= last]
    ids = {one.document.id for one in records}
    joined = [members for group in JOINED if (members := [one for one in group if one[0] in ids])]
    with (
        Archive.open(tmp_path / "whole.db", create=True) as whole,
        Archive.open(tmp_path / "p.db", create=True) as part,
    ):
        fill(whole, REPORTS, joined=JOINED)
        fill(part, records, joined=joined)
        all_of_it, told_by_then = load(whole, PROCESS), load(part, PROCESS)
    then = as_of(all_of_it, day(last))
    assert then == told_by_then
    for view in VIEWS:
        assert view(all_of_it, today=day(last)) == view(told_by_then, today=day(last)), view.__module__


def test_an_event_that_only_later_reports_put_into_the_process_is_not_known() -> None:
    early = tell("ASSAULT", "Denmark", "Iceland", day="2023-05-01", words="shelled", event="e1", outlet="A")
    late = tell("ASSAULT", "Norway", "Sweden", day="2023-05-01", told="2023-05-09", words="shelled", event="e1")
    whole = dataclasses.replace(chronicle(early, late), members=frozenset((late.key,)))
    assert len(timeline.view(whole, today=day("2023-05-09"))) == 1
    assert timeline.view(whole, today=day("2023-05-08")) == ()


def test_what_is_kept_for_a_day_is_that_of_the_chronicle_asked_for() -> None:
    made = [tell("CONSULT", "Norway + Sweden", day=f"2023-05-0{n}", words="met") for n in (1, 2)]
    one, other = chronicle(*made), chronicle(*made[:1], tell("AGREE", "Norway + Sweden", day="2023-05-03"))
    first = seen_from(one, day("2023-05-01"))
    assert seen_from(one, day("2023-05-01")) is first
    assert seen_from(one, day("2023-05-02")) is one and seen_from(one, None) is one
    for n in range(1, 20):
        assert len(seen_from(other, day(f"2023-05-{n:02}")).events) == (1 if n < 3 else 2)
