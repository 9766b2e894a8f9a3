"""What speaks for and against a claim: denials, others' words for the same event, reports that tell it as fact."""

from __future__ import annotations

import dataclasses
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from pourparler.archive.candidates import date_of
from pourparler.archive.chronicle import Chronicle
from pourparler.archive.told import Saying, Telling
from pourparler.archive.views.common import DONE, plain, shifted
from pourparler.archive.views.sides import Sides, settings
from pourparler.archive.views.topics import matters

if TYPE_CHECKING:
    from pourparler.archive.views.claims import Claim, Said

BY_BOTH, BY_THIRD, AS_FACT = "confirmed by both", "confirmed by a third party", "told as fact"
DENIED, ONE_SIDE = "denied", "one side's word only"
A_REPORT = "a report"
K = TypeVar("K")


@dataclass(frozen=True, slots=True, order=True)
class Word:
    """A day, who says something, and the key of the telling or statement; ``spot`` is where the act was, or ""."""

    day: str
    who: str
    key: str
    spot: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What stands in a chronicle for and against claims.

    ``answers``: denials by the key of the statement they answer or the telling they are about; ``following``: those
    that answer nothing by themselves, by the claim before them in their report; ``denied``: acts told as denied, by
    type and doer; ``told``: sides and third parties that give their word for it, by event and doer; ``facts``:
    tellings as fact, likewise (a fight between both does not say who began, so it is a fact of no doer); ``failed``:
    what did not happen, by event; ``loose``: denials that answer nothing, by who denies, and their telling words in
    ``stems``.
    """

    answers: Mapping[str, Sequence[Word]]
    following: Mapping[str, Sequence[Word]]
    denied: Mapping[tuple[str, str], Sequence[Word]]
    told: Mapping[tuple[str, str], Sequence[Word]]
    facts: Mapping[tuple[str, str], Sequence[Word]]
    failed: Mapping[str, Sequence[Word]]
    loose: Mapping[str, Sequence[Word]]
    stems: Mapping[str, frozenset[str]]
    sides: frozenset[str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a claim stands, who denies it, whose word confirms it, and the keys that say so."""

    standing: str
    denied_by: tuple[str, ...]
    confirmed_by: tuple[str, ...]
    evidence: tuple[str, ...]


def evidence(chronicle: Chronicle, sides: Sides, said: Iterable[Said]) -> Evidence:
    """Return what the reports, and the claims in them, say for and against each claim."""
    sayings, tellings = list(chronicle.sayings.values()), list(chronicle.tellings.values())
    denials = [one for one in sayings if one.act in ("deny", "reject")]
    speakers = {one.key: sides.labels(one.speakers) for one in sayings}
    failed = ((one.event, Word("", A_REPORT, one.key)) for one in tellings if one.status == "did_not_happen")
    loose = [one for one in denials if one.act == "deny" and not one.answers]
    return Evidence(
        _index((at, word) for one in denials for at in (*one.answers, *one.about) for word in _words(one, speakers)),
        _index(_following(denials, sayings, tellings, speakers)),
        _index(_denied(tellings, sides, speakers)),
        _index(
            ((one.telling.event, one.accused), Word("", one.accuser, one.telling.key))
            for one in said
            if one.telling and (one.outside or one.accuser in sides.sides)
        ),
        _index(_facts(tellings, sides)),
        _index(failed),
        _index((word.who, word) for one in loose for word in _words(one, speakers)),
        {one.key: frozenset(matters(one.content)) for one in loose},
        sides.sides,
    )


def _index(pairs: Iterable[tuple[K, Word]]) -> Mapping[K, Sequence[Word]]:
    out: defaultdict[K, list[Word]] = defaultdict(list)
    for key, word in pairs:
        out[key].append(word)
    return {key: sorted(words) for key, words in out.items()}


def _words(saying: Saying, speakers: Mapping[str, Sequence[str]]) -> Iterator[Word]:
    for who in speakers[saying.key]:
        yield Word((saying.published or "")[:10], who, saying.key)


def _following(
    denials: Sequence[Saying],
    sayings: Sequence[Saying],
    tellings: Sequence[Telling],
    speakers: Mapping[str, Sequence[str]],
) -> Iterator[tuple[str, Word]]:
    """Yield denials that answer nothing, with the last claim before each in its report."""
    grounds = {one.saying for one in tellings if one.status == "alleged"}
    claims: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for one in sayings:
        if one.key in grounds or one.act == "accuse":
            claims[one.report].append((one.start, one.key))
    for one in denials:
        if one.act == "deny" and not one.answers:
            before = max((claim for claim in claims.get(one.report, ()) if claim[0] < one.start), default=None)
            if before:
                yield from ((before[1], word) for word in _words(one, speakers))


def _denied(
    tellings: Sequence[Telling], sides: Sides, speakers: Mapping[str, Sequence[str]]
) -> Iterator[tuple[tuple[str, str], Word]]:
    for one in tellings:
        if one.status == "denied":
            doers = sides.labels(one.sources)
            for doer in doers:
                for who in speakers.get(one.saying or "") or (doer,):
                    yield (one.type, doer), Word((one.day or one.published or "")[:10], who, one.key, spot(one))


def _facts(tellings: Sequence[Telling], sides: Sides) -> Iterator[tuple[tuple[str, str], Word]]:
    for one in tellings:
        if one.saying is None and one.status in DONE:
            doers = sides.labels(one.sources)
            word = Word("", A_REPORT, one.key)
            yield (one.event, ""), word
            if len(doers) == 1 or not sides.sides.issuperset(doers):
                yield from (((one.event, doer), word) for doer in doers)


def spot(telling: Telling) -> str:
    """Return where a telling's act was, in a form that can be compared; "" where the report does not say."""
    if telling.geonames:
        return f"geonames {telling.geonames}"
    return f"place {plain(telling.place)}" if telling.place else ""


@dataclass(frozen=True, slots=True)
class Asserted:
    """What a claim says: who of whom, what type of act, when and where; ``text`` gives its words when asked.

    ``about``, ``tellings`` and ``sayings`` are keys of the events, tellings and statements that it is made of.
    """

    accuser: str
    accused: str
    type: str
    day: str
    place: str
    text: Callable[[], str]
    about: Sequence[str]
    tellings: Sequence[str]
    sayings: Sequence[str]


def answered(found: Evidence, claim: Asserted) -> Verdict:
    """Return how a claim stands: the first of these that holds, confirmed, told as fact, denied, one side's word.

    An act that a side claims as its own is confirmed by both where another side says so too.
    """
    against = [word for key in (*claim.tellings, *claim.sayings) for word in found.answers.get(key, ())]
    against += [word for key in claim.sayings for word in found.following.get(key, ()) if word.who == claim.accused]
    against += [word for event in claim.about for word in found.failed.get(event, ())]
    against += _near(found.denied.get((claim.type, claim.accused), ()), claim.day, claim.place)
    against += _alike(found, claim.accused, claim.day, claim.text)
    against = [word for word in against if word.who != claim.accuser]
    others = [
        word
        for event in claim.about
        for word in found.told.get((event, claim.accused), ())
        if word.who not in ("", claim.accuser)
    ]
    facts = [word for event in claim.about for word in found.facts.get((event, claim.accused), ())]
    names = {word.who for word in others}
    if claim.accused in names or (claim.accused == claim.accuser and names & found.sides):
        standing = BY_BOTH
    elif names:
        standing = BY_THIRD
    else:
        standing = AS_FACT if facts else DENIED if against else ONE_SIDE
    keys = {word.key for word in (*against, *others, *facts)}
    return Verdict(standing, tuple(sorted({word.who for word in against})), tuple(sorted(names)), tuple(sorted(keys)))


def _near(words: Sequence[Word], day: str, place: str) -> Iterator[Word]:
    """Yield the words so few days around a day, at the same place or where one of both is not known."""
    middle = date_of(day) if words else None
    if middle is None:
        return
    days = settings("claims")["denial_days"]
    low, high = shifted(middle, -days).isoformat(), shifted(middle, days).isoformat()
    for word in words[bisect_left(words, Word(low, "", "")) :]:
        if word.day > high:
            return
        if not word.spot or not place or word.spot == place:
            yield word


def _alike(found: Evidence, accused: str, day: str, text: Callable[[], str]) -> Iterator[Word]:
    """Yield the denials of the accused, so few days around a day, that share words with the claim."""
    least = settings("claims")["denial_words"]
    stems: frozenset[str] | None = None
    for word in _near(found.loose.get(accused, ()), day, ""):
        stems = frozenset(matters(text())) if stems is None else stems
        if len(stems & found.stems[word.key]) >= least:
            yield word


def countered(rows: Sequence[Claim]) -> Iterator[Claim]:
    """Yield claims with the keys of those that return them: same type, roles swapped, a few days later at most."""
    days = settings("claims")["counter_days"]
    index: defaultdict[tuple[str, str, str], list[tuple[str, str]]] = defaultdict(list)
    for row in rows:
        if row.first_said and _hostile(row):
            index[row.type, row.accuser, row.accused].append((row.first_said, row.key))
    for found in index.values():
        found.sort()
    for row in rows:
        swapped = index.get((row.type, row.accused, row.accuser)) if _hostile(row) else None
        first = date_of(row.first_said)
        if not swapped or first is None:
            yield row
            continue
        end = shifted(first, days + 1).isoformat()
        at = slice(bisect_left(swapped, (first.isoformat(), "")), bisect_left(swapped, (end, "")))
        yield dataclasses.replace(row, countered_by=tuple(sorted(key for _, key in swapped[at])))


def _hostile(row: Claim) -> bool:
    return row.kind == "accusation" and bool(row.accuser and row.accused)
