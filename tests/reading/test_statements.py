"""The act of a statement: what its cue performs, and nothing that it says was not done."""

import pytest

from pourparler.reading.statements import _act
from pourparler.record import Event, EventType, Quote


def _done(kind: EventType) -> list[Event]:
    return [Event("e1", kind, None, (), (), "happened", None, None, None, 0.0, (Quote(0, 1, "x"),), 0.9)]


@pytest.mark.parametrize(
    ("cue", "done", "act"),
    [
        ("condemned", None, "condemn"),
        ("warned not to", None, "warn"),
        ("did not condemn", None, "assert"),
        ("did not condemn", "ACCUSE", "assert"),
        ("never promised", "AGREE", "assert"),
        ("has n't denied", None, "assert"),
        ("did not promise", "REJECT", "reject"),
        ("will not", "REJECT", "reject"),
        ("agreed", "AGREE", "promise"),
    ],
)
def test_what_was_not_said_is_no_act(cue: str, done: EventType | None, act: str) -> None:
    assert _act(cue.split(), _done(done) if done else []) == act


@pytest.mark.parametrize(
    ("cue", "behind", "act"),
    [
        ("called", "the", "assert"),
        ("calling", "it", "assert"),
        ("called", "for", "call_for"),
        ("called for", "an", "call_for"),
        ("called on", "both", "call_for"),
        ("urged", "both", "call_for"),
    ],
)
def test_to_call_something_good_calls_for_nothing(cue: str, behind: str, act: str) -> None:
    assert _act(cue.split(), [], behind=[behind]) == act


def test_who_calls_somebody_a_name_accuses() -> None:
    assert _act(["called"], _done("ACCUSE"), behind=["the"]) == "accuse"
    assert _act(["called"], _done("REQUEST"), behind=["both"]) == "call_for"
