"""Which places and words are a conflict's own: frequent in its reports, and rare in the rest of the archive."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable

from sqlalchemy import Connection, func, select

from pourparler.archive import schema
from pourparler.archive.search import fold
from pourparler.archive.sql import portions
from pourparler.archive.views.sides import settings
from pourparler.knowledge import countries_in

# Shorter words ("and", "the") are no roots of others.
_ROOT = 4
_WORD = re.compile(r"[^\W\d_]+")


def places_of(connection: Connection, found: Counter[str], countries: frozenset[str]) -> tuple[str, ...]:
    """Return the places of ``found`` (counts of tellings) that the archive sets little else in, most first.

    No countries, no capitals but those of ``countries`` (alpha-3).
    """
    rule = settings("proposing")
    by_spot: dict[str, Counter[str]] = {}
    for place, count in found.items():
        if _is_a_place(place, countries):
            by_spot.setdefault(fold(place), Counter())[place] += count
    counts = {spot: sum(names.values()) for spot, names in by_spot.items()}
    counts = {spot: count for spot, count in counts.items() if count >= rule["place_tellings"]}
    every: dict[str, int] = {}
    spot = schema.telling.c.spot
    for portion in portions(sorted(counts)):
        rows = connection.execute(select(spot, func.count()).where(spot.in_(portion)).group_by(spot))
        every.update((row[0], row[1]) for row in rows)
    own = [one for one, count in counts.items() if count >= rule["place_share"] * every.get(one, count)]
    ranked = sorted(own, key=lambda one: (-counts[one], one))[: rule["places"]]
    return tuple(min(by_spot[one], key=lambda name: (-by_spot[one][name], name)) for one in ranked)


def _is_a_place(place: str, countries: frozenset[str]) -> bool:
    """True for a name that stands for itself: no country, no "border with" one, no third capital."""
    named = countries_in(place)
    own = all(one.kind == "capital" and one.alpha3 in countries for one in named)
    return place[:1].isupper() and bool(fold(place)) and own


def words_of_reports(connection: Connection, reports: Iterable[str], sides: Iterable[str]) -> tuple[str, ...]:
    """Return the names that tell reports (by key) from the rest of the archive, surest first.

    By the log-odds ratio of the shares of reports that have a name, in standard deviations. Countries, people and
    what is made of the ``sides``' names (demonyms) are left out: the sides stand for themselves.
    """
    rule = settings("proposing")
    keys = sorted(reports)
    here = _texts(connection, keys[:: max(1, math.ceil(len(keys) / rule["read"]))])
    rest = _sample(connection, rule["read"], frozenset(keys))
    small = _small([*here, *rest], rule["word_capital"])
    common = _small([*here, *rest], rule["word_alone"])
    elsewhere = Counter(name for text in rest for name in _names(text, small))
    people = _people(connection, keys)
    own = tuple(word for side in sides for word in fold(side).split() if len(word) >= _ROOT)
    least = max(rule["word_reports"], rule["word_share"] * len(here))
    sure: dict[str, float] = {}
    for name, count in Counter(name for text in here for name in _names(text, small)).items():
        told = (
            _made_of(name, own)
            or people.intersection(name.lower().split())
            or countries_in(name)
            or name.lower() in common
        )
        if count >= least and not told:
            share, other = (count + 0.5) / (len(here) + 1), (elsewhere[name] + 0.5) / (len(rest) + 1)
            if share >= rule["word_times"] * other:
                odds = math.log(share / (1 - share)) - math.log(other / (1 - other))
                sure[name] = odds / math.sqrt(1 / (count + 0.5) + 1 / (elsewhere[name] + 0.5))
    return tuple(sorted(sure, key=lambda name: (-sure[name], name))[: rule["words"]])


def _made_of(name: str, own: tuple[str, ...]) -> bool:
    """True where every word of a name begins with a word of ``own``."""
    return bool(own) and all(word.startswith(own) for word in fold(name).split())


def _texts(connection: Connection, keys: Iterable[str]) -> list[str]:
    at = schema.report.c
    out: list[str] = []
    for portion in portions(keys):
        rows = connection.execute(select(at.title, at.text).where(at.key.in_(portion)).order_by(at.key))
        # No name goes on from a title into the text: "Siege of El Fasher" and "At least ten".
        out += [f"{row[0] or ''}\n{row[1]}" for row in rows]
    return out


def _sample(connection: Connection, most: int, without: frozenset[str]) -> list[str]:
    """Return texts of the archive, evenly over the order of keys, which is as good as chance."""
    at = schema.report.c
    keys = [key for key in connection.execute(select(at.key).order_by(at.key)).scalars() if key not in without]
    return _texts(connection, keys[:: max(1, math.ceil(len(keys) / most))])


def _small(texts: Iterable[str], share: float) -> frozenset[str]:
    """Return the words, in small letters, that are written with a capital in less than a share of their places."""
    every = Counter(word for text in texts for word in _WORD.findall(text))
    total: Counter[str] = Counter()
    for word, count in every.items():
        total[word.lower()] += count
    return frozenset(word for word, count in total.items() if every[word] > (1 - share) * count)


def _names(text: str, small: frozenset[str]) -> set[str]:
    """Return the names in a text: words with capitals that stand side by side, hyphens as blanks."""
    out: set[str] = set()
    run: list[str] = []
    end = 0
    for found in _WORD.finditer(text):
        if run and text[end : found.start()] not in (" ", "-"):
            out.update(_name(run))
            run = []
        if not found[0][0].isupper() or (not run and found[0].lower() in small):
            out.update(_name(run))
            run = []
        else:
            run.append(found[0])
        end = found.end()
    return out | set(_name(run))


def _name(run: list[str]) -> list[str]:
    fits = len(run) <= settings("proposing")["word_long"] and any(len(word) > 3 for word in run)
    return [" ".join(run)] if run and fits else []


def _people(connection: Connection, reports: Iterable[str]) -> frozenset[str]:
    """Return the words of the names of people in reports."""
    side, telling = schema.side.c, schema.telling.c
    out: set[str] = set()
    for portion in portions(reports):
        keys = select(telling.key).where(telling.report.in_(portion))
        rows = connection.execute(select(side.name).where(side.kind == "person", side.telling.in_(keys)))
        out.update(word.lower() for name in rows.scalars() for word in _WORD.findall(name))
    return frozenset(out)
