"""How alike two wordings are, and what they tell differently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pourparler.archive.wording import Filler, Slot, Wording, opposed
from pourparler.knowledge import country_of

# Shorter words differ by one letter without being one ("Mali", "Bali").
_SHORTEST = 4
# A place that so many names or numbers fill is a list, not a sentence; and all are compared with all.
_MOST_FILLERS = 20
# Letters that a word keeps when its ending changes.
_STEM = 5


@dataclass(frozen=True, slots=True)
class Likeness:
    """``both``: shared words in all words of both (0 to 1). ``order``: shared pairs of neighbouring words in those of
    the shorter wording (0 to 1). ``size``: words of the shorter wording. ``changes``: names and numbers that stand in
    one place and differ, negations that one of both lacks, an act in the place of its opposite. ``foreign``: names
    that each of both has alone, the smaller count.
    """

    both: float
    order: float
    size: int
    changes: int
    foreign: int


def compare(a: Wording, b: Wording) -> Likeness:
    """Return how alike two wordings are; the order of both does not matter."""
    if not a.words or not b.words:
        return Likeness(0.0, 0.0, 0, 0, 0)
    a, b = sorted((a, b), key=lambda one: one.words)
    spelt = _respelt(frozenset(a.words), frozenset(b.words))
    ours, theirs = (frozenset(spelt.get(form, form) for form in one.words) for one in (a, b))
    mine, other = (frozenset((spelt.get(x, x), spelt.get(y, y)) for x, y in one.pairs) for one in (a, b))
    fewer = min(len(mine), len(other))
    return Likeness(
        len(ours & theirs) / len(ours | theirs),
        len(mine & other) / fewer if fewer else 1.0,
        min(len(a.words), len(b.words)),
        _changes(a, b, spelt),
        _foreign(a, b, spelt),
    )


def _respelt(ours: frozenset[str], theirs: frozenset[str]) -> dict[str, str]:
    """Return forms that one side lacks, with the form of the other side that they spell with a letter more, less or
    other, two letters swapped, or another ending.

    Both are compared by what is left of them without any one letter, so that the cost grows with their number and not
    with its square.
    """
    out: dict[str, str] = {}
    for strange, known in ((theirs - ours, ours), (ours - theirs, theirs)):
        wanted = sorted(strange - set(out.values()))
        keys = {variant for form in wanted for variant in _variants(form)}
        by_variant: dict[str, str] = {}
        for form in sorted(known, reverse=True) if keys else ():
            by_variant.update((variant, form) for variant in _variants(form) if variant in keys)
        for form in wanted:
            for variant in _variants(form):
                other = by_variant.get(variant)
                if other is not None and out.get(other) != form and not _other_place(form, other):
                    out[form] = other
                    break
    return out


def _variants(form: str) -> Iterator[str]:
    """Yield a form, the form without any one letter, and its beginnings but for one or two letters."""
    if len(form) < _SHORTEST or form[0] == "#":
        return
    yield form
    for i in range(len(form)):
        yield form[:i] + form[i + 1 :]
    for end in range(max(_STEM, len(form) - 2), len(form) + 1):
        yield f"{form[:end]}-"


def _other_place(a: str, b: str) -> bool:
    """True where two forms are a letter apart and name two countries: Iran and Iraq, Niger and Nigeria."""
    one, other = _country(a), _country(b)
    return one is not None and other is not None and one != other


def _country(form: str) -> str | None:
    return country_of(form.upper() if len(form) <= 3 else form.capitalize())


def _changes(a: Wording, b: Wording, spelt: Mapping[str, str]) -> int:
    """Return how many slots have another filler, or how many numbers each of both has alone, whichever is more; and
    how many negations stand in one of both alone, and one more where an act is undone."""
    ours, theirs = (_respell(one.slots, spelt) if spelt else one.slots for one in (a, b))
    every = [frozenset(spelt.get(form, form) for form in one.words) for one in (a, b)]
    found: set[tuple[Filler, Filler]] = set()
    for slot in ours.keys() & theirs.keys():
        if max(len(ours[slot]), len(theirs[slot])) > _MOST_FILLERS:
            continue
        mine = [one for one in ours[slot] if not any(same(one, other) for other in theirs[slot])]
        other = [one for one in theirs[slot] if not any(same(one, own) for own in ours[slot])]
        # Where one of two names stands elsewhere in the other report and its rival does not, a name beside was cut.
        found.update(
            (x, y)
            for x in mine
            for y in other
            if _is_number(x) == _is_number(y) and (_is_number(x) or (x <= every[1]) == (y <= every[0]))
        )
    denied = len(a.negated & b.pairs - b.negated) + len(b.negated & a.pairs - a.negated)
    changed = min(len({x for x, _ in found}), len({y for _, y in found}))
    counted = min(len(a.numbers - b.numbers), len(b.numbers - a.numbers))
    undone = opposed(every[0] - every[1], every[1] - every[0])
    return max(changed, counted) + denied + undone


def _is_number(filler: Filler) -> bool:
    return any(form[0] == "#" for form in filler)


def _foreign(a: Wording, b: Wording, spelt: Mapping[str, str]) -> int:
    """Return how many names each of both has that the other lacks: the smaller count."""
    every = [{spelt.get(form, form) for form in one.words} for one in (a, b)]
    names = [{spelt.get(form, form) for form in one.names} for one in (a, b)]
    countries = [{_country(form) for form in one} - {None} for one in names]
    return min(sum(_country(form) not in countries[1 - i] for form in names[i] - every[1 - i]) for i in (0, 1))


def _respell(slots: Mapping[Slot, frozenset[Filler]], spelt: Mapping[str, str]) -> dict[Slot, frozenset[Filler]]:
    out: dict[Slot, frozenset[Filler]] = {}
    for (side, x, y), fillers in slots.items():
        slot = (side, spelt.get(x, x), spelt.get(y, y))
        new = frozenset(frozenset(spelt.get(form, form) for form in filler) for filler in fillers)
        out[slot] = out.get(slot, frozenset()) | new
    return out


def same(a: Filler, b: Filler) -> bool:
    """True where one of two names is the other's part, its initials, or both are of one country."""
    if a <= b or b <= a:
        return True
    for short, long in ((a, b), (b, a)):
        if len(short) == 1 and len(long) > 1:
            letters = next(iter(short))
            if sorted(letters) == sorted(form[0] for form in long):
                return True
    countries = {_country(form) for form in a ^ b}
    return len(countries) == 1 and None not in countries
