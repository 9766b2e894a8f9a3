"""Chronicles made by hand for tests of views: each telling and statement from a few words."""

from __future__ import annotations

import datetime
import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pourparler.archive.chronicle import Chronicle
from pourparler.archive.deadlines import moving
from pourparler.archive.gathering import Told, gather
from pourparler.archive.process import Member, Process
from pourparler.archive.told import JOINED_COLUMNS, Party, Saying, Telling, joined_of
from pourparler.codebook import load

# Two sides and two mediators far from any conflict; "Fjordland" is an armed group that stands with the first side.
PROCESS = Process(
    "nordic",
    "Norway and Sweden",
    (Member("Norway", ("NOR",), ("Fjordland",)), Member("Sweden", ("SWE",))),
    (Member("Finland", ("FIN",)), Member("European Union", (), ("European Union", "EU"))),
    places=("Idre",),
)
_COUNTRIES = {"Norw": "NOR", "Swed": "SWE", "Swedish": "SWE", "Finn": "FIN", "Finland": "FIN", "Denmark": "DNK"}


@dataclass(frozen=True, slots=True)
class Made:
    """A telling with the passage around it."""

    telling: Telling
    passage: str

    @property
    def key(self) -> str:
        return self.telling.key

    @property
    def report(self) -> str:
        return self.telling.report


def party(text: str, role: str = "source") -> Party:
    """Return a party: "Norway", "Ola Nordmann:NOR" (a person with a country), "Ola Nordmann:NOR:prime minister"."""
    name, _, rest = text.partition(":")
    country, _, title = rest.partition(":")
    found = country or next((code for start, code in _COUNTRIES.items() if start in name), None)
    kind = "person" if country else "state" if found and " " not in name else "group"
    return Party(role, name, kind, found, "GOV", title or None, None, None)  # type: ignore[arg-type]


def parties(text: str, role: str) -> tuple[Party, ...]:
    """Return the parties of a list parted by "+"."""
    return tuple(party(one.strip(), role) for one in text.split("+") if one.strip())


def tell(
    type: str,
    who: str,
    whom: str = "",
    *,
    day: str | None = None,
    last: str | None = None,
    told: str | None = None,
    status: str = "happened",
    mode: str | None = None,
    basis: str | None = "stated",
    place: str | None = None,
    country: str | None = None,
    at: tuple[float, float] | None = None,
    words: str = "",
    text: str = "",
    report: str = "",
    outlet: str = "Wire",
    saying: str | None = None,
    event: str | None = None,
) -> Made:
    """Return a telling; ``text`` is its passage, which begins its report.

    It was told on its ``day`` unless ``told`` says when; without ``day`` it has none of its own. ``event`` joins
    tellings that share it.
    """
    published = told or day or "2023-01-01"
    words = words or (text.split()[-1] if text else type.lower())
    text = text or f"{who} {words} {whom} {place or ''}"
    report = report or _key("r", text, published, outlet)
    key = _key("t", report, type, words, status, who, day)
    entry = load().types[type]
    score = next((one.score for one in entry.modes if one.name == mode), entry.score)
    start = text.index(words)
    telling = Telling(
        key, event or _key("e", key), report, published, outlet, type, mode, status, day, last or day,
        "day" if day else None, basis if day else None, day or published, place, country,
        at[0] if at else None, at[1] if at else None, None, score, 0.8, start, start + len(words), words, 0,
        len(text), saying, (*parties(who, "source"), *parties(whom, "target")), None,
    )  # fmt: skip
    return Made(telling, text)


def say(
    act: str,
    who: str,
    content: str,
    *,
    told: str,
    text: str = "",
    cue: str = "said",
    report: str = "",
    about: Sequence[Made] = (),
    answers: Sequence[Saying] = (),
    key: str | None = None,
) -> Saying:
    """Return a statement; ``text`` is the report, in which cue and content are looked up."""
    text = text or f"{who} {cue} {content}"
    report = report or _key("r", text, told, "Wire")
    start, begin = text.index(cue), text.index(content)
    return Saying(
        key or _key("s", report, act, who, content), report, told, "Wire", act, start, start + len(cue), cue, content,
        begin, begin + len(content), False, parties(who, "speaker"), (), tuple(one.key for one in about),
        tuple(one.key for one in answers), 0.8,
    )  # fmt: skip


def chronicle(*items: Made | Saying, process: Process = PROCESS) -> Chronicle:
    """Return the chronicle of tellings and statements, gathered into events as an archive gathers them."""
    made = [one for one in items if isinstance(one, Made)]
    sayings = {one.key: one for one in items if isinstance(one, Saying)}
    passages = {one.key: one.passage for one in made}
    # All tellings of one report have its whole text as their passage.
    texts = {one.report: one.passage for one in made}
    groups: defaultdict[str, list[Telling]] = defaultdict(list)
    for one in made:
        groups[one.telling.event].append(one.telling)
    events = []
    tellings = {}
    for group in groups.values():
        says = [tuple(p.who for p in sayings[one.saying].speakers) if one.saying else () for one in group]
        rows = [Told(one, passages[one.key], said, False) for one, said in zip(group, says, strict=True)]
        row = gather(rows)
        event = joined_of([row[column.key] for column in JOINED_COLUMNS])
        events.append(event)
        tellings.update((one.key, replace(one, event=event.key)) for one in group)
    events.sort(key=lambda one: (one.day or "", one.key))
    told = {report: found for report, text in texts.items() if (found := moving(text))}
    return Chronicle(
        process, tuple(events), dict(sorted(tellings.items())), sayings, frozenset(), passages, moving=told
    )


def day(text: str) -> datetime.date:
    """Return the day of an ISO date."""
    return datetime.date.fromisoformat(text)


def _key(kind: str, *parts: object) -> str:
    return kind + hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:16]
