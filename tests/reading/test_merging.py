"""Joining two tellings of one act keeps who did it to whom."""

import dataclasses

from pourparler.reading.merging import _joined
from pourparler.record import Event, Quote, Span, Time

ONE = Event(
    *("e1", "ACCUSE", None, ("a1", "a2"), ("a1", "a2"), "happened"),
    *(None, None, None, -2.0, (Quote(0, 1, "x"),), 0.5),
)


def test_a_mutual_act_told_again_stays_mutual() -> None:
    again = dataclasses.replace(ONE, id="e2", sources=("a1",), targets=("a2",))
    for first, second in ((ONE, again), (again, ONE)):
        joined = _joined(first, second)
        assert set(joined.sources) == set(joined.targets) == {"a1", "a2"}


def test_who_took_part_as_source_is_no_target_besides() -> None:
    met = dataclasses.replace(ONE, type="CONSULT", sources=("a1", "a2"), targets=())
    hosted = dataclasses.replace(met, sources=("a1",), targets=("a2", "a3"))
    joined = _joined(met, hosted)
    assert joined.sources == ("a1", "a2") and joined.targets == ("a3",)
    assert len(joined.evidence) == 2


def test_what_only_one_telling_has_is_kept() -> None:
    breach = dataclasses.replace(ONE, id="e2", mode="allege", score=-3.5, flags=("ceasefire_violation",))
    for first, second in ((ONE, breach), (breach, ONE)):
        joined = _joined(first, second)
        assert (joined.mode, joined.score, joined.flags) == ("allege", -3.5, ("ceasefire_violation",))


def test_the_day_of_its_own_sentence_goes_before_one_from_another() -> None:
    guessed = Time("2023-05-01", "2023-05-01", "day", "inferred", "Monday", Span(0, 6))
    told = dataclasses.replace(guessed, start="2023-05-02", end="2023-05-02", basis="stated", text="Tuesday")
    one, other = (dataclasses.replace(ONE, time=time) for time in (guessed, told))
    assert _joined(one, other).time == _joined(other, one).time == told
