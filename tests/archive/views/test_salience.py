"""What stands out: a war that begins, a truce, a road closed, and not the tenth attack of a week."""

from __future__ import annotations

import dataclasses
import datetime

import pytest

from pourparler.archive.views import timeline
from pourparler.archive.views.salience import around
from tests.archive.chronicles import Made, chronicle, tell

BEGIN = datetime.date(2020, 1, 1)


def at(days: int) -> str:
    """Return the day so many days after the first of 2020."""
    return str(BEGIN + datetime.timedelta(days))


def attack(days: int, **more: str) -> Made:
    words = more.pop("words", "shelled")
    return tell("ASSAULT", "Norway", "Sweden", day=at(days), words=words, **more)  # type: ignore[arg-type]


def agree(days: int, words: str = "agreed", text: str = "", outlet: str = "Wire") -> Made:
    return tell("AGREE", "Norway + Sweden", day=at(days), words=words, text=text, outlet=outlet)


def war(first: int, last: int, *, each: int = 2) -> list[Made]:
    """Return attacks on every day from a first to a last one."""
    return [attack(day, outlet=f"o{day}.{n}") for day in range(first, last + 1) for n in range(each)]


# Two years in which somebody asks for something every fortnight.
CALM = tuple(tell("REQUEST", "Norway", "Sweden", day=at(n), words="asked", outlet=f"w{n}") for n in range(0, 720, 14))


def weights(*made: Made) -> dict[str, float]:
    """Return the weight of each event by the key of each of its tellings, on a calm background."""
    rows = timeline.view(chronicle(*CALM, *made))
    return {key: row.weight for row in rows for key in row.tellings}


def heaviest(*made: Made, count: int) -> list[str | None]:
    return [row.day for row in timeline.standing_out(timeline.view(chronicle(*CALM, *made)), count)]


def test_of_a_war_its_first_day_and_the_truce_that_held_stand_out() -> None:
    early, truce = agree(310, "agreed to a truce", outlet="early"), agree(341, "agreed to a truce", outlet="late")
    lone, fights = attack(600, outlet="lone"), war(300, 340)
    found = weights(*fights, early, truce, lone)
    first = max(fights, key=lambda one: found[one.key])
    assert first.telling.day == at(300)
    assert found[truce.key] > found[early.key]
    assert found[first.key] > found[lone.key]
    assert heaviest(*fights, early, truce, lone, count=3) == [at(300), at(310), at(341)]


def test_a_burst_does_not_take_all_places() -> None:
    signed = tell("SUPPORT", "Norway + Sweden", day=at(80), words="signed a peace treaty")
    closed = tell("COERCE", "Norway", "Sweden", day=at(560), mode="restrict", words="blocked", place="Idre")
    chosen = heaviest(*war(300, 340, each=4), signed, closed, count=4)
    assert {at(80), at(300), at(560)} <= set(chosen)
    assert sum(day is not None and at(290) <= day <= at(350) for day in chosen) <= 2


def test_what_more_outlets_tell_stands_out() -> None:
    wide = [attack(200, event="e1", outlet=name) for name in "ABCD"]
    once = attack(500, outlet="E")
    found = weights(*wide, once)
    assert found[wide[0].key] > found[once.key]


def test_what_comes_after_a_quiet_time_stands_out() -> None:
    lone = attack(500, outlet="E")
    often = [attack(day, outlet=f"m{day}") for day in range(600, 700, 10)]
    found = weights(lone, *often)
    assert found[lone.key] > max(found[one.key] for one in often[1:])


def test_what_later_reports_date_back_to_stands_out() -> None:
    first, second = attack(100, outlet="A"), attack(396, outlet="B")
    recalling = [attack(100, told=at(n), outlet=f"r{n}", text=f"Norway shelled Idre, {n}") for n in (500, 560, 620)]
    found = weights(first, second, *recalling)
    assert found[first.key] > found[second.key]


@pytest.mark.parametrize(
    ("more", "less"),
    [
        # A peace agreed, and the same words for something else.
        (agree(200, text="They agreed on a ceasefire."), agree(396, text="They agreed on a budget.")),
        # What is around the act counts, and not all of its sentence.
        (agree(200, text="They agreed on a truce."),
         agree(396, text=f"They agreed on {'fish and ' * 9}after the truce.")),
        # An agreement, and an offer of one.
        (agree(200, "agreed to a truce"), agree(396, "ready to agree on a truce")),
        # Many killed, and few; and many by somebody's word.
        (attack(200, text="It shelled Idre, killing 300 people."),
         attack(396, text="It shelled Idre, killing 4 people.")),
        (attack(200, text="It shelled Idre, killing 300 people."),
         attack(396, text="It shelled Idre, killing 301 people.", status="alleged")),
        # An offensive that begins, and an attack.
        (attack(200, words="launched an offensive"), attack(396, words="fired")),
        # One between the sides, and one by a side.
        (attack(200), tell("ASSAULT", "Norway", "bandits", day=at(396), words="shelled")),
        # A road closed, and another constraint.
        (tell("COERCE", "Norway", "Sweden", day=at(200), words="closed"),
         tell("COERCE", "Norway", "Sweden", day=at(396), words="curbed")),
        # A fact, and what is only ahead.
        (attack(200), attack(396, status="planned", told=at(386))),
        # A day, and a season.
        (attack(200), attack(396, last=at(486))),
        # What has a day of its own, and what goes on in the background.
        (attack(200, status="ongoing"),
         tell("ASSAULT", "Norway", "Sweden", told=at(396), status="ongoing", words="shelled")),
    ],
)  # fmt: skip
def test_what_weighs_more(more: Made, less: Made) -> None:
    # Both come after as long a quiet.
    found = weights(attack(0), more, less)
    assert found[more.key] > found[less.key]


def test_in_a_place_of_the_process_one_side_is_as_good_as_two() -> None:
    here = tell("ASSAULT", "Norway", day=at(200), words="shelled", place="Idre town")
    there = tell("ASSAULT", "Norway", day=at(396), words="shelled", place="Paris")
    found = weights(attack(0), here, there)
    assert found[here.key] > found[there.key]


def test_of_one_report_and_day_the_heaviest_counts() -> None:
    text = "Norway attacked Sweden and occupied Idre."
    one = tell("ASSAULT", "Norway", "Sweden", day=at(200), words="attacked", text=text, report="r1")
    two = tell("MOBILIZE", "Norway", "Sweden", day=at(200), words="occupied", text=text, report="r1")
    apart = dataclasses.replace(two, telling=dataclasses.replace(two.telling, report="r2"))
    assert weights(one, two)[two.key] < weights(one, apart)[apart.key]


def test_months_without_reports_are_no_quiet_time() -> None:
    """Of a war already told before the gap, the first day behind it is not the beginning."""
    whole = chronicle(*CALM, *war(200, 230), *war(300, 330))
    gap = {at(n)[:7] for n in range(240, 300)}
    months = {row.day[:7]: row.day for row in timeline.view(whole) if row.day}
    holed = {month: day for month, day in months.items() if month not in gap}
    after = {one.key for one in war(300, 300)}

    def best(covered: dict[str, str]) -> float:
        rows = timeline.view(dataclasses.replace(whole, covered=covered))
        return max(row.weight for row in rows if after & set(row.tellings))

    assert best(holed) < best(months)


def test_days_without_reports_before_an_act_are_no_quiet() -> None:
    """The same act weighs less where nobody knows whether the months before it were quiet."""
    busy = [tell("REQUEST", "Norway", "Sweden", day=at(n), words="asked", outlet=f"b{n}") for n in range(520, 700)]
    first, later = attack(100, outlet="first"), attack(500, outlet="later")
    whole = chronicle(*CALM, *busy, first, later)
    months = {row.day[:7]: row.day for row in timeline.view(whole) if row.day}
    gap = {at(n)[:7] for n in range(140, 400)}

    def weight(covered: dict[str, str]) -> float:
        rows = timeline.view(dataclasses.replace(whole, covered=covered))
        return next(row.weight for row in rows if later.key in row.tellings)

    assert weight({month: day for month, day in months.items() if month not in gap}) < weight(months)


def test_what_is_ahead_weighs_less_than_the_same_done() -> None:
    """Also where nothing else of its kind is told, so that no day of the chronicle changed as much as its own."""
    fights = war(300, 340, each=4)
    held = agree(341, "agreed to a truce")
    ahead = tell("AGREE", "Norway + Sweden", day=at(341), status="planned", words="agreed to a truce")
    assert weights(*fights, ahead)[ahead.key] < weights(*fights, held)[held.key]


def test_a_short_chronicle_still_has_as_many_that_stand_out() -> None:
    rows = timeline.view(chronicle(*(attack(n, outlet=f"{n}") for n in range(20))))
    assert len(timeline.standing_out(rows, 10)) >= 6
    assert len(timeline.standing_out(rows, 3)) == 3
    assert timeline.standing_out((), 10) == ()


def test_the_words_around_a_trigger() -> None:
    made = tell("AGREE", "Norway", day=at(1), words="agreed", text="It rained. They agreed to stop; later it snowed.")
    assert around(chronicle(made), made.telling) == "They agreed to stop"
