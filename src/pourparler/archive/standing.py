"""What has become of every verdict: whether it holds, and which a person should look at again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pourparler.archive.applying import Reading, reading_of
from pourparler.archive.binding import Bond, bonds
from pourparler.archive.fields import FIELDS, in_words, same, values_in
from pourparler.archive.given import ON_TELLING, Verdict, undone, verdicts
from pourparler.archive.store import Archive

State = Literal["holds", "confirmed", "settled", "needs a look", "in conflict", "superseded", "undone"]
# In each group of states the first that fits is told.
_LOOK = ("needs a look", "in conflict")


@dataclass(frozen=True, slots=True)
class Standing:
    """A verdict, its state, why it is so (may be empty), and the telling it is about now (None where it is gone)."""

    verdict: Verdict
    state: State
    why: str
    telling: str | None

    @property
    def attention(self) -> bool:
        """True where a person should look at it."""
        return self.state in _LOOK


def standing(archive: Archive) -> list[Standing]:
    """Return how every verdict ever given stands, oldest first; none is left out."""
    with archive.reading() as connection:
        given = verdicts(connection)
        by_report: dict[str, list[Verdict]] = {}
        for one in given:
            by_report.setdefault(one.anchor.report, []).append(one)
        out = {one.verdict.key: one for one in _bound(bonds(connection))}
        for report, about in by_report.items():
            for found in _of_report(reading_of(connection, report, about)):
                out[found.verdict.key] = _graver(found, out.get(found.verdict.key))
    back = undone(given)
    return [_taken_back(one, back) or out[one.key] for one in given]


def _graver(found: Standing, bond: Standing | None) -> Standing:
    """Return what is told of a join or split: its partners' standing, unless its own telling says more."""
    return bond if bond is not None and (not found.attention or bond.attention) else found


def _taken_back(one: Verdict, back: dict[str, Verdict]) -> Standing | None:
    if one.key in back:
        undo = back[one.key]
        return Standing(one, "undone", f"taken back by {undo.by}, {undo.at[:10]}", one.anchor.telling)
    if one.kind == "undo":
        return Standing(one, "holds", f"takes back {one.undoes}", one.anchor.telling)
    return None


def _of_report(reading: Reading) -> Iterator[Standing]:
    for one in reading.verdicts:
        match = reading.matches[one.key]
        about = _about(reading, one)
        if one.kind in ON_TELLING and (later := _overridden(one, about)):
            yield Standing(one, "superseded", f"by {later.kind} of {later.at[:10]}", match.key)
            continue
        if one.kind in ON_TELLING and (whose := _contradicted(one, about)):
            yield Standing(one, "in conflict", whose, match.key)
            continue
        yield _read_anew(one, reading, about)


def _about(reading: Reading, one: Verdict) -> list[Verdict]:
    """Return the verdicts in force on the telling that one is about: now, or, where it is gone, by its key."""
    key = reading.matches[one.key].key
    if key is None:
        return [v for v in reading.verdicts if v.anchor.telling == one.anchor.telling]
    return [v for v in reading.verdicts if reading.matches[v.key].key == key]


def _overrides(later: Verdict, one: Verdict) -> bool:
    """True where a later verdict says all anew that an earlier one on the telling said."""
    if later.n <= one.n or later.kind not in ON_TELLING:
        return False
    return later.kind != "correct" or one.kind == "reject" or (one.kind == "correct" and later.field == one.field)


def _overridden(one: Verdict, about: Sequence[Verdict]) -> Verdict | None:
    return next((later for later in about if later.by == one.by and _overrides(later, one)), None)


def _claims(one: Verdict, about: Sequence[Verdict]) -> dict[str, Any]:
    """Return what a verdict holds of the fields, but for those its giver has corrected since."""
    if one.kind == "correct" and one.field:
        return {one.field: one.value}
    if one.kind != "accept":
        return {}
    since = {later.field for later in about if later.by == one.by and later.n > one.n and later.kind == "correct"}
    return {field: value for field, value in one.value.items() if field not in since}


def _contradicted(one: Verdict, about: Sequence[Verdict]) -> str:
    """Say who holds otherwise, and whose word counts; empty where nobody does."""
    out = []
    for other in about:
        if other.by == one.by or other.kind not in ON_TELLING or _overridden(other, about):
            continue
        counts = "which counts, being later" if other.n > one.n else "but this one counts, being later"
        if (one.kind == "reject") != (other.kind == "reject"):
            out.append(f"{other.by}: {other.kind}, {counts}")
            continue
        mine, others = _claims(one, about), _claims(other, about)
        out += [
            f"{other.by}: {field} is {in_words(field, others[field])}, {counts}"
            for field in mine
            if field in others and not same(field, mine[field], others[field])
        ]
    return "; ".join(out)


def _read_anew(one: Verdict, reading: Reading, about: Sequence[Verdict]) -> Standing:
    """Return the standing of a verdict that nobody overrode or contradicted."""
    match = reading.matches[one.key]
    if _seen(one, reading, about):
        return Standing(one, "holds", "", match.key)
    if match.how == "gone":
        if one.kind == "reject":
            return Standing(one, "settled", "the reader now agrees: it no longer finds it", None)
        near = f"; in its passage it now finds {match.near}" if match.near else ""
        kept = f", it stays as run {one.anchor.run} read it" if match.key else ""
        return Standing(one, "needs a look", f"the new reading no longer finds it{kept}{near}", match.key)
    row = reading.row(match.key or "")
    words = f"“{row['words']}”"
    if match.how == "changed":
        return Standing(one, "needs a look", f"the new reading takes {words} for {row['type']}", match.key)
    if one.kind in ON_TELLING and (said := _otherwise(one, reading, about)):
        return Standing(one, "needs a look", f"the new reading says otherwise: {said}", match.key)
    moved = f"found again at {words}" if match.how == "moved" else ""
    if one.kind == "correct" and one.field and same(one.field, one.value, values_in(row)[one.field]):
        return Standing(one, "confirmed", "confirmed by the new reading", match.key)
    return Standing(one, "holds", moved, match.key)


def _seen(one: Verdict, reading: Reading, about: Sequence[Verdict]) -> bool:
    """True where the person saw this very reading, or somebody did since and left no doubt about the same."""
    since = (v for v in about if v.n >= one.n and v.anchor.seen == reading.run)
    return any(v.key == one.key or _overrides(v, one) for v in since)


def _otherwise(one: Verdict, reading: Reading, about: Sequence[Verdict]) -> str:
    """Say which fields the new reading gives a value that is neither the old one nor the person's."""
    then = next(row for row in reading.past.rows(one.anchor.run).tellings if row["key"] == one.anchor.telling)
    was, now = values_in(then), values_in(reading.row(reading.matches[one.key].key or ""))
    # What was rejected may be right now that it reads otherwise.
    held = {field: was[field] for field in FIELDS} if one.kind == "reject" else _claims(one, about)
    return "; ".join(
        f"{field} is {in_words(field, now[field])}, not {in_words(field, value)}"
        for field, value in held.items()
        if not same(field, now[field], value) and not same(field, now[field], was[field])
    )


def _bound(every: Sequence[Bond]) -> Iterator[Standing]:
    """Return how joins and splits stand, pair by pair; a split from several is what is gravest of its pairs."""
    order: tuple[State, ...] = ("in conflict", "needs a look", "holds", "superseded")
    on_pair: dict[frozenset[str] | None, list[Bond]] = {}
    for bond in every:
        on_pair.setdefault(bond.pair, []).append(bond)
    found: dict[str, Standing] = {}
    for bond in every:
        state, why = _bond_state(bond, on_pair[bond.pair])
        new = Standing(bond.verdict, state, why, bond.a.key)
        old = found.get(bond.verdict.key)
        if old is None or order.index(state) < order.index(old.state):
            found[bond.verdict.key] = new
    return iter(found.values())


def _bond_state(bond: Bond, on_pair: Sequence[Bond]) -> tuple[State, str]:
    """Return the state of a bond among all on the same two tellings."""
    if bond.pair is None:
        gone = bond.a.key is None or bond.b.key is None
        why = "the new reading no longer finds one of the two" if gone else "both are one telling in the new reading"
        return "needs a look", why
    mine = bond.verdict
    if own := _recanted(bond, on_pair):
        return "superseded", f"by {own.kind} of {own.at[:10]}"
    # Somebody who has changed their mind since contradicts nobody.
    others = [one for one in on_pair if one.together != bond.together and one.verdict.by != mine.by]
    if against := [one.verdict for one in others if not _recanted(one, on_pair)]:
        other = against[-1]
        counts = "which counts, being later" if other.n > mine.n else "but this one counts, being later"
        return "in conflict", f"{other.by}: {other.kind}, {counts}"
    if "changed" in (bond.a.how, bond.b.how):
        return "needs a look", "the new reading takes the words of one of the two for another type"
    return "holds", ""


def _recanted(bond: Bond, on_pair: Sequence[Bond]) -> Verdict | None:
    given = (one.verdict for one in on_pair)
    return next((one for one in given if one.by == bond.verdict.by and one.n > bond.verdict.n), None)
