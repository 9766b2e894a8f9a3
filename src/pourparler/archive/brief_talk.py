"""The sections of a brief about what parties say, promise and plan: claims, commitments, agenda, ceasefire."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from pourparler.archive.brief_words import Drafted, Sentence, Window, form, people, piece, sentence, spoken
from pourparler.archive.search import fold
from pourparler.archive.views import agenda, ceasefire, claims, commitments
from pourparler.archive.views.agenda import Item
from pourparler.archive.views.ceasefire import Truce, Violation
from pourparler.archive.views.claims import Claim
from pourparler.archive.views.commitments import Commitment
from pourparler.archive.views.common import iso, shifted
from pourparler.archive.views.timeline import Moment

# What is due up to so many days after a brief's last day is told.
AHEAD = 60


def claimed(window: Window) -> Iterator[Sentence]:
    """Yield what was claimed in reports of the days, accusations and what most outlets tell first."""
    chronicle = window.chronicle

    def said_now(row: Claim) -> bool:
        told = [chronicle.tellings[key].published for key in row.tellings]
        return any(map(window.holds, (*told, *(chronicle.sayings[key].published for key in row.sayings))))

    rows = [row for row in claims.view(chronicle, today=window.last) if said_now(row)]
    rows.sort(key=_rank)
    same: dict[tuple[str, tuple[str, ...], str, str], list[Claim]] = {}
    for row in rows:
        words = " ".join((row.content or row.words).split())
        same.setdefault((row.kind, _by(row), words, row.standing), []).append(row)
    for (kind, said_by, words, _), group in same.items():
        yield _claim(kind, said_by, words, group)


def _rank(row: Claim) -> tuple[bool, int, int, int, str]:
    """Sort accusations first, then by how many of both parties are named, and by how many outlets tell it."""
    named = bool(row.accuser) + bool(row.accused)
    return (row.kind != "accusation", -named, -len(row.outlets), -row.times, row.key)


def _by(row: Claim) -> tuple[str, ...]:
    return row.said_by or ((row.accuser,) if row.accuser else ("a party that the report does not name",))


def _claim(kind: str, said_by: Sequence[str], words: str, group: Sequence[Claim]) -> Sentence:
    """Return the sentence of one statement, which may be several claims: of several parties, of several acts."""
    said_of = [name for row in group for name in (row.said_of or ((row.accused,) if row.accused else ()))]
    keys = [key for row in group for key in (*row.tellings, *row.sayings)]
    evidence = [key for row in group for key in row.evidence]
    whom = people(said_of) or "parties not named"
    if kind == "accusation" and fold(words).startswith(f"{fold(whom)} of "):
        kind = "accusation_said"
    pieces = [piece("claims", form("claims", kind, said_by), keys, who=people(said_by), whom=whom, words=words)]
    for name, by in (
        ("denied", sorted({name for row in group for name in row.denied_by})),
        ("confirmed", sorted({name for row in group for name in row.confirmed_by})),
    ):
        if by:
            pieces.append(piece("claims", form("claims", name, by), evidence, by=people(by)))
    standing = group[0].standing
    if standing in ("told as fact", "one side's word only"):
        pieces.append(piece("claims", standing, evidence or keys))
    return sentence(*pieces)


def promised(window: Window, rows: Sequence[Moment]) -> Iterator[Sentence]:
    """Yield promises broken and kept in the days, those that fell due without news, moved ones, and new ones."""
    found = commitments.view(window.chronicle, today=window.last)
    lines = {key: row.line for row in rows for key in row.tellings}
    for state in ("broken", "kept"):
        for row in found:
            by = row.broken_by if state == "broken" else row.kept_by
            now = [key for key in by if window.holds(window.chronicle.tellings[key].day)]
            if row.state == state and now:
                late = [piece("commitments", "late", now, days=str(row.days_late))] if row.days_late else []
                said = piece("commitments", "by_whom", now, line=lines.get(now[0], row.why))
                yield sentence(_promise(state, row), *late, said)
    for row in found:
        if row.state == "overdue" and window.holds(_day_after(row.due)):
            yield sentence(_promise("overdue", row), piece("commitments", "doubted", row.doubted_by))
    for row in found:
        now = [key for key in row.moved_by if window.holds(_published(window, key))]
        if now and not window.holds(row.day):
            yield sentence(_promise("moved", row), piece("commitments", "moved_from", now, moved=people(row.moved)))
    for row in found:
        if window.holds(row.day):
            yield sentence(_promise("offered" if row.state == "offered" else "new", row))


def _day_after(day: str | None) -> str | None:
    """Return the day after one: what is due on a brief's last day is overdue in the next brief."""
    return iso(shifted(datetime.date.fromisoformat(day), 1)) if day else None


def _published(window: Window, key: str) -> str | None:
    found = window.chronicle.tellings.get(key) or window.chronicle.sayings.get(key)
    return found.published if found else None


def _promise(state: str, row: Commitment) -> Drafted:
    whom = f" {people(row.whom)}" if row.whom else ""
    due = f", due by {spoken(row.due)}" if row.due else ""
    who = people(row.who) or people(row.sides) or "a party that the report does not name"
    return piece(
        "commitments", state, (*row.tellings, *row.sayings), day=spoken(row.day), who=who, whom=whom, due=due,
        words=" ".join(row.words.split()),
    )  # fmt: skip


def due(window: Window) -> Iterator[Sentence]:
    """Yield what is due after the days, and what was due, put off or called off in them."""
    begin, end = window.first.isoformat(), window.last.isoformat()
    horizon = min(window.last.toordinal() + AHEAD, datetime.date.max.toordinal())
    far = datetime.date.fromordinal(horizon).isoformat()
    for row in sorted(
        agenda.view(window.chronicle, today=window.last), key=lambda row: (row.day, row.last, row.what)
    ):
        told_now = any(window.holds(one.told) for one in row.announced)
        if (row.state == "due" and end <= row.last and row.day <= far) or (
            row.state in ("passed without news", "postponed", "cancelled") and (begin <= row.last <= end or told_now)
        ):
            yield _item(row)


def _item(row: Item) -> Sentence:
    place = f" in {row.place}" if row.place and row.place not in row.what else ""
    moved = row.tellings if row.moved else ()
    settled = row.settled_by if row.state in ("postponed", "cancelled") else ()
    days, keys = spoken(row.day, row.last), (*row.tellings, *row.sayings)
    return sentence(
        piece("agenda", row.state, keys, days=days, what=row.what, place=place),
        piece("agenda", "moved", moved, moved=people(row.moved)),
        piece("agenda", "dropped", settled),
    )  # fmt: skip


def truces(window: Window) -> Iterator[Sentence]:
    """Yield truces declared and in force in the days, and each breach that is alleged or told."""
    weeks = ceasefire.view(window.chronicle, today=window.last)
    first = window.first.isoformat()
    for row in (row for week in weeks for row in week.declared):
        # It holds in weeks of which nothing is told too.
        if row.since < first and (row.until is None or row.until >= first):
            yield _truce("in_force", row, window)
    for week in weeks:
        for row in week.declared:
            if window.holds(row.since):
                yield _truce("declared", row, window)
        for violation in week.violations:
            if window.holds(violation.day):
                yield _violation(violation)


def _truce(name: str, row: Truce, window: Window) -> Sentence:
    mediators = f", through {people(row.mediators)}," if row.mediators else ""
    ended = row.ended_by if window.holds(row.until) else ()
    return sentence(
        piece("ceasefire", name, row.tellings, sides=people(row.sides), mediators=mediators, day=spoken(row.since)),
        piece("ceasefire", "ended", ended, day=spoken(row.until), end=row.end),
    )


def _violation(row: Violation) -> Sentence:
    keys = (*row.tellings, *row.sayings)
    denied = keys if row.denied_by else ()
    return sentence(
        piece("ceasefire", f"violation_{row.way}", keys, day=spoken(row.day), line=row.line),
        piece("ceasefire", form("ceasefire", "denied", row.denied_by), denied, by=people(row.denied_by)),
    )
