"""Which place each name of a text stands for, with the text's other places as context.

Every name has its candidates from the gazetteer. A candidate gains by people who live there, by standing before its
own region or country ("Lebanon, Pa."), and by what the text's other names may stand for: places of its country, its
region, near it. Each name is weighed by the others' likely places, in rounds, so that one sure name settles the rest.
"""

from __future__ import annotations

import functools
import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pourparler.knowledge.gazetteer import Entry, named, place_key
from pourparler.knowledge.tables import rows, toml

_COMMA = re.compile(r"\s*[,(]\s*")
_GENITIVE = re.compile(r"['’]s?\Z")
_AFTER = re.compile(r"\s*[,(]\s*((?:[A-Z]\.\s?){2,}|[A-Z][\w.]*(?:[ -][A-Z][\w.]*){0,2})")
Span = tuple[int, int]
_Where = tuple[Any, ...]  # a kind of nearness, then the country, region, district or cell
_CELLS = {"near": 1, "close": 3}  # cells a degree; a place counts in its own and the eight around it


@dataclass(slots=True)
class _Name:
    """All mentions of one name: what it may stand for, how likely each is, the names that stand right behind it."""

    candidates: tuple[Entry, ...]
    loose: bool
    count: int = 0
    behind: list[tuple[Entry, ...]] = field(default_factory=list)
    before: list[tuple[Entry, ...]] = field(default_factory=list)
    prior: list[float] = field(default_factory=list)
    base: list[float] = field(default_factory=list)
    score: list[float] = field(default_factory=list)
    likely: list[float] = field(default_factory=list)
    wheres: list[list[_Where]] = field(default_factory=list)  # of each candidate; none of a place without a country


@functools.cache
def weights() -> dict[str, float]:
    return {name: float(value) for name, value in toml("toponyms.toml").items()}


@functools.cache
def _short() -> dict[str, tuple[str, str]]:
    return {s: (row["country"], row["region"]) for row in rows("states.csv") for s in row["short"].split("|")}


def choose(text: str, spans: Sequence[Span]) -> list[Entry | None]:
    """Return the place of each span, or None where the gazetteer has none that could be meant."""
    names: dict[str, _Name] = {}
    bare = [_bare(text[start:end]) for start, end in spans]
    keys = [b if b in _short() else place_key(b) for b in bare]
    for key, words in zip(keys, bare, strict=True):
        if key not in names:
            found = candidates(words)
            names[key] = _Name(found or _features(words), loose=not found)
        names[key].count += 1
    order = sorted(range(len(spans)), key=lambda i: spans[i])
    for i, after in zip(order, [*order[1:], None], strict=False):
        name = names[keys[i]]
        if after is not None and _COMMA.fullmatch(text, spans[i][1], spans[after][0]):
            name.behind.append(names[keys[after]].candidates)
            names[keys[after]].before.append(name.candidates)
        elif behind := _behind(text, spans[i][1]):
            name.behind.append(behind)
    _weigh(list(names.values()))
    return [_best(names[key]) for key in keys]


@functools.lru_cache(maxsize=1 << 15)  # most words with a capital are asked for in every report
def is_place(name: str) -> bool:
    """True where the gazetteer has the name, or it is a state's short form ("Pa."; "IN" is more often a word)."""
    return (len(name) > 2 and name in _short()) or (name[-1:].isalnum() and bool(named(name)))


@functools.lru_cache(maxsize=1 << 13)
def kinds_of_place(name: str) -> Mapping[str, float]:
    """Return what kinds of place have a name, each 1.0, and how many people live in the largest, as a logarithm."""
    if name in _short():
        return {"short": 1.0}
    found = named(name)
    out = {place.level if place.main else "other": 1.0 for place in found}
    if found:
        out["people"] = math.log10(max(place.population for place in found) + 100) - 2
    return out


def _bare(name: str) -> str:
    name = _GENITIVE.sub("", name.strip())
    return name[4:] if name[:4].lower() == "the " else name


@functools.lru_cache(maxsize=1 << 12)
def candidates(name: str) -> tuple[Entry, ...]:
    """Return the places that a name may stand for: as it is, a state's short form, without "City of"."""
    short = _short().get(name) or _short().get(name + ".")
    if short:
        found = tuple(e for e in named(short[1]) if e.level == "region" and e.country == short[0])
        if found:
            return found
    found = named(name) or (named(name.split(",")[0]) if "," in name else ())
    for pattern, levels in () if found else _LOOSE:
        bare = pattern.sub("", name)
        if bare != name and (found := named(bare)):
            return tuple(e for e in found if e.level in levels) or found
    return found


@functools.lru_cache(maxsize=1 << 12)
def _features(name: str) -> tuple[Entry, ...]:
    """Return the places after which a river, a park or a part of a town may be called: sure only near the others."""
    for pattern in _FEATURES:
        bare = pattern.sub("", name)
        if bare != name:
            return candidates(bare)
    return ()


_LOOSE = (
    (re.compile(r" City$|^(?:City|Town|Village|Municipality|Port) of (?:the )?"), ("city",)),
    (re.compile(r" (?:County|Co\.|Parish|[Dd]istrict|Borough)$|^(?:County|Borough) of "), ("district",)),
    (
        re.compile(
            r" (?:[Pp]rovince|[Rr]egion|[Gg]overnorate|[Oo]blast|Prefecture|[Ss]tate)$|^(?:Province|State) of "
        ),
        ("region", "area"),
    ),
    (re.compile(r" (?:Township|Twp\.?|Islands?)$|^(?:Township|Republic) of (?:the )?|(?:ers|ites|ans|er)$"), ()),
)
_FEATURES = (
    re.compile(
        r"^(?:(?:North|South|East|West)(?:ern)?|Central|Downtown|Greater|Upper|Lower|Mid|(?:North|South)(?:east|west)"
        r"(?:ern)?|W\.|N\.|S\.|E\.)[- ]"
    ),
    re.compile(r"^(?:Lake|River|Mount|Mt\.|Port of|Bay of|Gulf of) "),
    re.compile(
        r" (?:Rivers?|Creek|Lake|Falls|Bay|Harbou?r|Beach|Heights|Hills?|Valley|Park|Forest|National Forest"
        r"|Mountains?|Peninsula|Airport|Station|Bridge|Square|Colony|Island|Metropolitan Area|Delta)$"
    ),
)


def _behind(text: str, end: int) -> tuple[Entry, ...]:
    """Return the regions and countries that the words right behind a name may stand for: ", Pa."."""
    found = _AFTER.match(text, end)
    if not found:
        return ()
    words = found[1].strip()
    while words:
        wide = tuple(e for e in candidates(words) if e.level in ("region", "country", "district"))
        if wide:
            return wide
        words = words[: max(words.rfind(" "), words.rfind("-"), 0)]
    return ()


def _inside(place: Entry, wide: Entry) -> bool:
    if place.country != wide.country or place == wide:
        return False
    if wide.level == "country":
        return place.level != "country"
    if wide.level == "region":
        return place.level != "region" and place.region == wide.region
    return place.level == "city" and place.region == wide.region and place.district == wide.district


def _weigh(names: list[_Name]) -> None:
    w = weights()
    known = [name for name in names if name.candidates]
    for name in known:
        name.prior = [prior(place, name.candidates) for place in name.candidates]
        name.base = [p + _qualified(place, name, w) for place, p in zip(name.candidates, name.prior, strict=True)]
        name.score = name.base
        name.wheres = [_wheres(place) if place.country else [] for place in name.candidates]
    for turn in range(int(w["rounds"])):
        for name in known:
            name.likely = _softmax(name.score, w["first_sharpness"] if not turn else w["sharpness"])
        mass = _Mass(known, w)
        for name in known:
            if len(name.candidates) == 1 and not name.loose:
                continue  # there is nothing to choose
            own = _Mass([name], w)
            name.score = [
                base + mass.support(wheres, own, w) for wheres, base in zip(name.wheres, name.base, strict=True)
            ]


def prior(place: Entry, others: tuple[Entry, ...]) -> float:
    """Return how likely a place of a name is meant where nothing else is known."""
    w = weights()
    out = w["people"] * math.log10(place.population + 100) + w[place.level]
    out += w["capital"] if place.capital else 0
    out += 0 if place.main else w["other_name"]
    if place.level == "region" and any(_stands_for(city, place) for city in others):
        out += w["region_of_its_city"]
    return out


def _stands_for(city: Entry, region: Entry) -> bool:
    """True where a city is likelier meant by its name than the region: its own ("Aleppo"), or before the capital."""
    return (
        city.level == "city"
        and city.main
        and (city.capital or _inside(city, region))
        and city.country == region.country
    )


def _qualified(place: Entry, name: _Name, w: dict[str, float]) -> float:
    behind = any(_inside(place, wide) for wides in name.behind for wide in wides)
    before = any(_inside(narrow, place) for narrows in name.before for narrow in narrows)
    return w["behind"] * behind + w["before"] * before


def _softmax(scores: list[float], sharpness: float) -> list[float]:
    top = max(scores)
    parts = [math.exp(sharpness * (score - top)) for score in scores]
    total = sum(parts)
    return [part / total for part in parts]


class _Mass:
    """How much of a text's names lies in each country, region, district and cell of the map."""

    def __init__(self, names: Sequence[_Name], w: dict[str, float]) -> None:
        self._at: dict[_Where, float] = defaultdict(float)
        for name in names:
            weight = name.count ** w["repeated"]
            for wheres, likely in zip(name.wheres, name.likely, strict=True):
                if likely >= 0.01:
                    for where in wheres:
                        self._at[where] += weight * likely

    def support(self, wheres: list[_Where], own: _Mass, w: dict[str, float]) -> float:
        """Return what the names beside a place's own add to a place that is there."""
        out = 0.0
        for where in wheres:
            kind = where[0]
            keys = _neighbours(where) if kind in _CELLS else (where,)
            mass = sum([self._at.get(key, 0.0) - own._at.get(key, 0.0) for key in keys])
            out += w[kind] * _saturated(mass, w[f"half_{kind}"])
        return out


def _wheres(place: Entry) -> list[_Where]:
    out: list[_Where] = [("same_country", place.country)]
    if place.region:
        out.append(("same_region", place.country, place.region))
    if place.district:
        out.append(("same_district", place.country, place.region, place.district))
    if place.level in ("city", "district"):
        for kind, parts in _CELLS.items():
            out.append((kind, math.floor(place.latitude * parts), math.floor(place.longitude * parts)))
    return out


def _neighbours(where: _Where) -> list[_Where]:
    kind, row, column = where
    return [(kind, row + i, column + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]


def _saturated(mass: float, half: float) -> float:
    return max(mass, 0) / (max(mass, 0) + half)


def _best(name: _Name) -> Entry | None:
    if not name.candidates:
        return None
    best = max(range(len(name.candidates)), key=lambda i: name.score[i])
    if name.loose and name.score[best] - name.prior[best] < weights()["lowest_feature"]:
        return None  # nothing else of the text is near the place after which the river may be called
    return name.candidates[best]
