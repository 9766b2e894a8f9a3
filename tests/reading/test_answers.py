"""Denials, rejections and counter-accusations are tied to what they answer, and to nothing else."""

import dataclasses

from pourparler.reading.answers import Answers
from pourparler.reading.draft import Draft
from pourparler.record import Act, Actor, Document, Event, EventType, Quote, Statement

ARM = Actor("a1", "Armenia", "state", "ARM", "GOV", None, ())
AZE = Actor("a2", "Azerbaijan", "state", "AZE", "GOV", None, ())
MINISTRY = Actor("a3", "Azerbaijani Defence Ministry", "organization", "AZE", "MIL", None, ())
OBSERVER = Actor("a4", "Marta Iglesia", "person", None, "JRN", None, ())


def said(id: str, at: int, act: Act, who: str, *, about: tuple[str, ...] = ()) -> Statement:
    return Statement(
        id, (who,), (), act, Quote(at, at + 4, "said"), (Quote(at + 5, at + 9, "that"),), False, about, 0.9
    )


def done(id: str, at: int, kind: EventType, sources: tuple[str, ...], targets: tuple[str, ...]) -> Event:
    words = (Quote(at, at + 4, "word"),)
    return Event(id, kind, None, sources, targets, "alleged", None, None, None, -5.0, words, 0.9)


def answers(statements: list[Statement], events: list[Event]) -> dict[str, tuple[str, ...]]:
    draft = Draft(Document("d", "x" * 300))
    draft.actors = (ARM, AZE, MINISTRY, OBSERVER)
    draft.statements, draft.events = tuple(statements), tuple(events)
    Answers()(draft)
    return {s.id: s.answers for s in draft.statements}


SHELLED = done("e2", 6, "ASSAULT", ("a2",), ("a1",))


def test_a_ministry_denies_what_its_country_is_accused_of() -> None:
    accuse = said("s1", 0, "accuse", "a1", about=("e2",))
    assert answers([accuse, said("s2", 50, "deny", "a3")], [SHELLED]) == {"s1": (), "s2": ("s1",)}


def test_a_plain_statement_is_answered_where_it_lays_blame() -> None:
    plain = said("s1", 0, "assert", "a4", about=("e2",))
    assert answers([plain, said("s2", 50, "deny", "a2")], [SHELLED])["s2"] == ("s1",)
    met = dataclasses.replace(SHELLED, type="CONSULT")
    assert answers([plain, said("s2", 50, "deny", "a2")], [met])["s2"] == ()


def test_who_is_not_concerned_answers_nothing() -> None:
    accuse = said("s1", 0, "accuse", "a1", about=("e2",))
    assert answers([accuse, said("s2", 50, "deny", "a4")], [SHELLED])["s2"] == ()


def test_an_accusation_answers_only_where_it_strikes_back() -> None:
    first, second = said("s1", 0, "accuse", "a1"), said("s2", 50, "accuse", "a2")
    one = done("e1", 0, "ACCUSE", ("a1",), ("a2",))
    back, aside = done("e3", 50, "ACCUSE", ("a2",), ("a1",)), done("e3", 50, "ACCUSE", ("a2",), ("a4",))
    assert answers([first, second], [one, back])["s2"] == ("s1",)
    assert answers([first, second], [one, aside])["s2"] == ()


def test_the_order_of_the_text_counts_and_nobody_answers_himself() -> None:
    deny, accuse = said("s1", 0, "deny", "a2"), said("s2", 50, "accuse", "a1", about=("e2",))
    assert answers([deny, accuse], [SHELLED]) == {"s1": (), "s2": ()}
    assert (
        answers([said("s1", 0, "accuse", "a2", about=("e2",)), said("s2", 50, "deny", "a3")], [SHELLED])["s2"] == ()
    )
