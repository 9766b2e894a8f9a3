"""Who promised what, to whom, and by when: from statements, agreements and acts announced, joined across reports."""

from __future__ import annotations

import datetime
import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pourparler.archive.candidates import date_of
from pourparler.archive.chronicle import Chronicle
from pourparler.archive.told import Party, Saying, Telling
from pourparler.archive.views.common import Cast, Phrases, led_by, plain, rules, shifted
from pourparler.archive.views.extending import Span
from pourparler.archive.views.stems import telling_words
from pourparler.codebook import load

_PLANNED = frozenset(("AGREE", "CONCEDE", "RETREAT", "AID", "COOPERATE", "SUPPORT"))
# An agreement is a promise where it was made, is in force, or somebody says that it was made.
_MADE = frozenset(("happened", "ongoing", "alleged"))
# So many words before an act, or at the beginning of what is said, tell whether it is only offered.
_LEAD = 7
_YEAR = re.compile(r"\d{4}")
_SPAN = re.compile(r"P(\d{1,4})([DWMY])")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of act that promises are about: its words, the types that keep and that break it (data/views1.toml)."""

    name: str
    words: Phrases
    kept: frozenset[str]
    broken: frozenset[str]


@dataclass(frozen=True, slots=True)
class Move:
    """That a promise was due on another day (``was``, None: on none) until a report ``told``, that day, ``words``."""

    told: datetime.date
    was: datetime.date | None
    due: datetime.date
    words: str
    tellings: tuple[str, ...]
    sayings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise: by whom, to whom, in what words, on which day, and when due (first and last day, or None).

    ``names`` and ``things`` are the capitalised and the other telling words of it, as stems. ``offered`` where it is
    only offered, ``accepted`` the tellings by which another side took it up, ``moves`` what moved its day.
    """

    day: datetime.date
    due_from: datetime.date | None
    due: datetime.date | None
    who: tuple[Party, ...]
    whom: tuple[Party, ...]
    lanes: frozenset[str]
    words: str
    kinds: tuple[Kind, ...]
    types: frozenset[str]
    place: str | None
    names: frozenset[str]
    things: frozenset[str]
    reports: frozenset[str]
    tellings: tuple[str, ...]
    sayings: tuple[str, ...]
    offered: bool = False
    accepted: tuple[str, ...] = ()
    moves: tuple[Move, ...] = ()


@functools.cache
def kinds() -> tuple[Kind, ...]:
    """Return the kinds of data/views1.toml."""
    return tuple(
        Kind(one["name"], Phrases(one["words"]), frozenset(one["kept"]), frozenset(one["broken"]))
        for one in rules()["commitments"]["kind"]
    )


@functools.cache
def _deadline() -> Phrases:
    return Phrases(rules()["commitments"]["deadline"])


def promises(chronicle: Chronicle, cast: Cast) -> list[Promise]:
    """Return all promises of sides and mediators by day; one told by several reports is one."""
    said: defaultdict[str, list[Saying]] = defaultdict(list)
    for saying in chronicle.sayings.values():
        if saying.act == "promise":
            said[saying.report].append(saying)
    told: defaultdict[str, list[Telling]] = defaultdict(list)
    every: defaultdict[str, list[Telling]] = defaultdict(list)
    for telling in chronicle.tellings.values():
        every[telling.report].append(telling)
        if telling.status == "planned" or (telling.type == "AGREE" and telling.status in _MADE):
            told[telling.report].append(telling)
    found: defaultdict[str, list[Promise]] = defaultdict(list)
    for report in sorted(said.keys() | told.keys()):
        for key, promise in _of_report(
            chronicle, cast, said.get(report, []), told.get(report, []), every.get(report, [])
        ):
            found[key].append(promise)
    first = [_joined(group) for group in found.values()]
    return _retold(sorted(first, key=lambda one: (one.day, min(one.tellings + one.sayings))))


@dataclass(frozen=True, slots=True)
class _Unit:
    """What one report tells of one promise: the statement, the agreement, the act that is to follow."""

    saying: Saying | None
    agree: Telling | None
    act: Telling | None


def _of_report(
    chronicle: Chronicle, cast: Cast, said: Sequence[Saying], told: Sequence[Telling], passages: Sequence[Telling]
) -> Iterable[tuple[str, Promise]]:
    """Yield the promises of one report, each with a key that tellings of the same events share.

    ``told`` are its agreements and acts announced, ``passages`` all its tellings.
    """
    for unit in _units(said, told):
        if unit.agree is None and unit.act is None and unit.saying and unit.saying.report in chronicle.copies:
            continue  # a reprint's statement is the original's
        whole = _promise(chronicle, cast, unit, passages)
        if whole is None:
            continue
        anchor = unit.act or unit.agree
        key = anchor.event if anchor else unit.saying.key if unit.saying else ""
        for n, piece in enumerate(_pieces(whole)):
            yield f"{key}/{n}", piece


def _units(said: Sequence[Saying], told: Sequence[Telling]) -> list[_Unit]:
    agrees = sorted((one for one in told if one.type == "AGREE" and one.status in _MADE), key=lambda one: one.start)
    acts = [one for one in told if one.status == "planned"]
    by_saying = {agree.key: saying for saying in said for agree in agrees if _overlaps(saying, agree)}
    out, used = [], set[str]()
    for act in acts:
        saying = next((one for one in said if _holds(one, act)), None)
        agree = next((one for one in reversed(agrees) if one.start < act.start < one.passage_end), None)
        if saying is None and agree is not None:
            saying = by_saying.get(agree.key)
        if saying is None and agree is None and act.type not in _PLANNED:
            continue
        if saying and agree and saying not in (by_saying.get(agree.key), None):
            agree = next((one for one in agrees if by_saying.get(one.key) is saying), None)
        used.update(one.key for one in (saying, agree) if one)
        out.append(_Unit(saying, agree, act))
    for agree in agrees:
        if agree.key not in used:
            saying = by_saying.get(agree.key)
            used.update((agree.key, saying.key) if saying else (agree.key,))
            out.append(_Unit(saying, agree, None))
    out += [_Unit(saying, None, None) for saying in said if saying.key not in used]
    return out


def _overlaps(saying: Saying, telling: Telling) -> bool:
    """True where a statement's cue and an agreement's trigger are the same words."""
    return saying.start < telling.end and telling.start < saying.end


def _holds(saying: Saying, act: Telling) -> bool:
    """True where an act stands in what was said."""
    if act.key in saying.about:
        return True
    inside = saying.content_start is not None and saying.content_end is not None
    return inside and (saying.content_start or 0) <= act.start < (saying.content_end or 0)


def _promise(chronicle: Chronicle, cast: Cast, unit: _Unit, told: Sequence[Telling]) -> Promise | None:
    """Return the promise of a unit.

    None where no side or mediator makes it; for an agreement of which no word says what is to be done ("agreed to go
    on"), since it can be neither kept nor broken; and for one that is only named ("under the ceasefire agreement").
    """
    saying, agree, act = unit.saying, unit.agree, unit.act
    first = saying or agree or act
    makers = [
        parties
        for parties in (saying and saying.speakers, agree and agree.sources, act and act.sources)
        if parties and cast.lanes(parties)
    ]
    published = date_of(first.published) if first else None
    if first is None or not makers or published is None:
        return None
    # An agreement names all who agree; a statement often only the first of them.
    who = max(makers, key=lambda parties: len(cast.lanes(parties)))
    day = (date_of(agree.first) if agree and agree.basis in ("stated", "inferred") else None) or published
    words = _words(chronicle, unit, told)
    core = saying.content if saying and len(saying.content) > 3 else words
    text = f"{core} {act.words if act else ''}"
    found = tuple(kind for kind in kinds() if text in kind.words)
    if saying is None and act is None and agree and not (found and _is_made(agree.words)):
        return None
    names, things = telling_words(text)
    due = _due(act, min(day, published), alone=not (saying or agree)) if act else None
    anchors = [one for one in (agree, act) if one]
    return Promise(
        min(day, published),
        due[0] if due else None,
        due[1] if due else None,
        who,
        (act.targets if act else ()) or (agree.targets if agree else ()) or (saying.addressees if saying else ()),
        frozenset(cast.lanes(who)),
        words,
        found,
        frozenset((act.type,)) if act else frozenset(),
        act.place if act else None,
        names,
        things,
        frozenset((first.report,)),
        tuple(one.key for one in anchors),
        (saying.key,) if saying else (),
        offered=_is_offer(chronicle, unit),
    )


@functools.cache
def _offered() -> tuple[Phrases, Phrases]:
    """Return the verbs of offering, with and without what else tells that somebody is only ready to."""
    data = rules()["commitments"]
    return Phrases([*data["offered"], *data["ready"]]), Phrases(data["ready"])


def _is_offer(chronicle: Chronicle, unit: _Unit) -> bool:
    """True where the words that make it a promise only offer it: "offered to", "is ready to"."""
    verbs, ready = _offered()
    if unit.saying or unit.agree:
        lead = " ".join(unit.saying.content.split(maxsplit=_LEAD)[:_LEAD]) if unit.saying else ""
        said = unit.saying is not None and (unit.saying.cue in verbs or lead in ready)
        return said or (unit.agree is not None and unit.agree.words in verbs)
    act = unit.act
    if act is None:
        return False
    before = chronicle.passages.get(act.key, "")[: max(0, act.start - act.passage_start)]
    return re.split(r"[.;:!?]\s", " ".join(before.rsplit(maxsplit=_LEAD)[-_LEAD:]))[-1] in ready


@functools.lru_cache(maxsize=4096)
def _is_made(words: str) -> bool:
    """False where a trigger only names an agreement or truce, without a verb that says that somebody agrees."""
    found = [one for word in plain(words).split() for one in load().evokers.get(word, ()) if one[0] == "AGREE"]
    named = bool(found) or words in next(kind.words for kind in kinds() if kind.name == "truce")
    return not named or any(pos == "verb" for _, _, pos in found)


def _words(chronicle: Chronicle, unit: _Unit, told: Sequence[Telling]) -> str:
    """Return what was promised, to the end of its sentence: from the content of the statement on, or the agreement.

    A statement's own content leaves out what stands aside in it, deadlines among them.
    """
    saying = unit.saying
    behind = saying is not None and saying.content_start is not None and saying.content_start >= saying.end
    tail = _tail(chronicle, saying.content_start or 0, told) if saying and behind else ""
    if tail:
        return tail
    if saying and len(saying.content) > 3:
        return saying.content
    anchor = unit.agree or unit.act
    if anchor is None:
        return saying.cue if saying else ""
    return _tail(chronicle, anchor.start, (anchor,)) or anchor.words


def _tail(chronicle: Chronicle, start: int, told: Sequence[Telling]) -> str:
    """Return the words from a place of a report to the end of the sentence, from the passages of its tellings."""
    for telling in told:
        if telling.passage_start <= start < telling.passage_end:
            rest = chronicle.passages.get(telling.key, "")[start - telling.passage_start :]
            return re.split(r"(?<=[.!?])\s", rest, maxsplit=1)[0].strip()
    return ""


def _due(act: Telling, day: datetime.date, *, alone: bool) -> tuple[datetime.date, datetime.date] | None:
    """Return the first and last day on which a planned act is due, where the report names them and they lie ahead."""
    first, last = date_of(act.first), date_of(act.last)
    if first is None or last is None or act.basis not in ("stated", "inferred") or last < day:
        return None
    if last == date_of(act.published) and (act.basis == "inferred" or not alone):
        return None  # the day of the agreement, not of what is to follow it
    return first, last


def _pieces(promise: Promise) -> list[Promise]:
    """Return a promise cut at the deadlines that its words name: "A by 15 May and B by 1 June" are two promises."""
    marks = _deadlines(promise.words, promise.day)
    if not marks:
        return [promise]
    out, start = [], 0
    for end, day in marks:
        piece = promise.words[start:end].strip(" ,;.")
        own = promise.words if len(marks) == 1 else piece
        names, things = telling_words(own)
        out.append(
            replace(
                promise,
                due_from=promise.day,
                due=day,
                words=own,
                names=promise.names | names if len(marks) == 1 else names,
                things=promise.things if len(marks) == 1 else things,
            )
        )
        start = end
    return out


@functools.lru_cache(maxsize=16_384)
def _deadlines(words: str, day: datetime.date) -> tuple[tuple[int, datetime.date], ...]:
    """Return where each deadline that words name ends, and its last day: "by 1 July", "within a week"."""
    if words not in _deadline():
        return ()
    from pourparler.reading.timex import find_times, put_ahead

    out = []
    for time in find_times(words, published=day):
        if not led_by(words, time.start, rules()["commitments"]["deadline"]):
            continue
        span = _SPAN.fullmatch(time.value)
        ahead = put_ahead(time, day)
        last = ahead[1] if ahead else time.last
        if span:
            last = Span(int(span[1]), span[2]).after(day)
        elif last and last < day and not _YEAR.search(time.text):
            last = shifted(last, 365)  # "by 1 July", told in November
        if last and last >= day:
            out.append((time.end, last))
    return tuple(out)


def _joined(group: Sequence[Promise]) -> Promise:
    """Return one promise of several reports' tellings of it: the earliest, with the first day due that one names."""
    order = sorted(group, key=lambda one: (one.day, one.tellings, one.sayings))
    dated = next((one for one in order if one.due), order[0])
    return _with(order[0], order[1:], dated)


def _with(first: Promise, others: Sequence[Promise], dated: Promise) -> Promise:
    every = [first, *others]
    return replace(
        first,
        due_from=dated.due_from,
        due=dated.due,
        offered=all(one.offered for one in every),
        types=first.types.union(*(one.types for one in others if _shown(one) == _shown(first))),
        reports=frozenset[str]().union(*(one.reports for one in every)),
        tellings=tuple(dict.fromkeys(key for one in every for key in one.tellings)),
        sayings=tuple(dict.fromkeys(key for one in every for key in one.sayings)),
    )


def _retold(order: Sequence[Promise]) -> list[Promise]:
    """Return promises, those of the same day, parties and words that later reports only recall taken together."""
    out: list[Promise] = []
    by_day: defaultdict[datetime.date, list[int]] = defaultdict(list)
    by_due: defaultdict[datetime.date | None, list[int]] = defaultdict(list)
    for one in order:
        near = [n for step in (-1, 0, 1) for n in by_day[shifted(one.day, step)]]
        near += by_due[one.due] if one.due else []
        same = next((n for n in near if _same(out[n], one)), None)
        if same is None:
            by_day[one.day].append(len(out))
            by_due[one.due].append(len(out))
            out.append(one)
        else:
            out[same] = _with(out[same], [one], out[same] if out[same].due else one)
    return out


def _same(one: Promise, other: Promise) -> bool:
    """True where two promises told by different reports are one.

    They share makers, name no two days, and share enough words, or the kind of act and the day due. Those of one
    report are one where nothing that is shown of them differs: several acts of one kind in the same words.
    """
    if one.lanes.isdisjoint(other.lanes) or (one.due and other.due and one.due != other.due):
        return False
    if one.reports & other.reports:
        return _shown(one) == _shown(other)
    if one.due and one.due == other.due and set(one.kinds) & set(other.kinds):
        return True
    near = abs((one.day - other.day).days) <= 1
    return near and len(one.names & other.names) * 2 + len(one.things & other.things) >= 2


def _shown(one: Promise) -> tuple[object, ...]:
    who, whom = ({party.who for party in side} for side in (one.who, one.whom))
    return (one.day, who, whom, one.words, one.kinds, one.due_from, one.due, one.offered)
