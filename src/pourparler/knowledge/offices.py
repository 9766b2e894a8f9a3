"""Offices and who held them when, as the reports told it: office, country or body, holder, first and last day seen.

The table is learned (``pourparler knowledge learn``): a row says how often and between which days reports gave
somebody that title, not when the term began.
"""

from __future__ import annotations

import datetime
import functools
import re
from dataclasses import dataclass

from pourparler.knowledge.countries import countries_in, country_name
from pourparler.knowledge.tables import folded, packed_rows, toml

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_SLACK = datetime.timedelta(60)  # a holder holds the office so long before the first and after the last report of it
_LATEST = datetime.timedelta(730)  # the last holder seen is still given so long after
_SURE = 2  # reports that must agree before a name alone tells whom somebody acts for


@dataclass(frozen=True, slots=True)
class Office:
    """An office of a country (``of`` is its alpha-3 code) or a body (its name)."""

    title: str
    of: str

    def __str__(self) -> str:
        return f"{self.title} of {country_name(self.of) or self.of}"


@dataclass(frozen=True, slots=True)
class Tenure:
    """That reports gave ``holder`` an office ``seen`` times, from the day ``first`` to the day ``last``."""

    office: Office
    holder: str
    first: datetime.date
    last: datetime.date
    seen: int

    def held(self, on: datetime.date) -> bool:
        return self.first - _SLACK <= on <= self.last + _SLACK


@functools.cache
def _titles() -> tuple[tuple[tuple[str, ...], str], ...]:
    """Return the words of each title with the office's name, the longest first."""
    found = [(tuple(words.split()), name) for name, all in toml("titles.toml")["offices"].items() for words in all]
    return tuple(sorted(found, key=lambda row: -len(row[0])))


@functools.cache
def _elsewhere() -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(words.split()) for words in toml("titles.toml")["not_in_office"]["words"])


def office_in(text: str, *, country: str | None = None) -> Office | None:
    """Return the office that words name ("Azerbaijani Foreign Minister", "president of the European Council").

    ``country`` is taken where the words name none. None where they name no known office, more than one country, or an
    office that is over or only sought.
    """
    words = [w.lower() for w in _WORD.findall(text.replace("-general", " general"))]
    title = next((name for wanted, name in _titles() if _holds(words, wanted)), None)
    # "president-elect", "ex-vice president": what a hyphen joins counts by itself.
    apart = [part for word in words for part in word.split("-")]
    if title is None or any(_holds(words, wanted) or _holds(apart, wanted) for wanted in _elsewhere()):
        return None
    countries = {mention.alpha3 for mention in countries_in(text)}
    if len(countries) > 1:
        return None
    # "President of the European Council" is no office of the country that Donald Tusk is of.
    of = _body(text) or next(iter(countries), None) or country
    return Office(title, of) if of else None


def _holds(words: list[str], wanted: tuple[str, ...]) -> bool:
    plain = [w.removesuffix("'s").removesuffix("’s") for w in words]
    return any(tuple(plain[i : i + len(wanted)]) == wanted for i in range(len(plain)))


@functools.cache
def _bodies() -> dict[str, str]:
    return {words.replace(".", ""): name for name, all in toml("titles.toml")["bodies"].items() for words in all}


def _body(text: str) -> str | None:
    """Return the body that the words name; the longest name in them counts."""
    # "U.N." comes without its last point, the others go: it is "un".
    words = [w.lower().removesuffix("'s").removesuffix("’s").replace(".", "") for w in _WORD.findall(text)]
    for length in range(min(4, len(words)), 0, -1):
        for i in range(len(words) - length + 1):
            if found := _bodies().get(" ".join(words[i : i + length])):
                return found
    return None


@functools.cache
def _tenures() -> tuple[Tenure, ...]:
    day = datetime.date.fromisoformat
    return tuple(
        Tenure(Office(row["office"], row["of"]), row["holder"], day(row["first"]), day(row["last"]), int(row["seen"]))
        for row in packed_rows("offices.csv.gz")
    )


@functools.cache
def _by_name() -> dict[str, tuple[Tenure, ...]]:
    out: dict[str, tuple[Tenure, ...]] = {}
    for tenure in _tenures():
        name = folded(tenure.holder)
        for key in {name, name.split()[-1]}:
            out[key] = (*out.get(key, ()), tenure)
    return out


def holders(office: Office, *, on: datetime.date | None = None) -> tuple[Tenure, ...]:
    """Return who held an office, in time; with a day, who held it then, the one reports name most first.

    A day after all reports gives the last holder, where that was not long before.
    """
    known = sorted((t for t in _tenures() if t.office == office), key=lambda t: t.first)
    if on is None:
        return tuple(known)
    then = [t for t in known if t.held(on)]
    if not then:
        before = [t for t in known if t.last <= on <= t.last + _LATEST]
        return tuple(sorted(before, key=lambda t: t.last)[-1:])
    # Two may be named around a change: who was within the days of reports comes first, then who was named more.
    return tuple(sorted(then, key=lambda t: (not t.first <= on <= t.last, -t.seen)))


def offices_of(name: str, *, on: datetime.date | None = None) -> tuple[Tenure, ...]:
    """Return the offices that people of a name (whole, or the last word alone) held, on a day where one is given."""
    words = folded(name)
    found = _by_name().get(words, ())
    if not found and len(words.split()) > 1:
        # "Recep Tayyip Erdogan" and "Tayyip Erdogan": the last name with another word in common.
        last = _by_name().get(words.split()[-1], ())
        found = tuple(t for t in last if len(set(folded(t.holder).split()) & set(words.split())) > 1)
    return tuple(t for t in found if on is None or t.held(on))


def country_of_person(name: str, *, on: datetime.date) -> str | None:
    """Return the country whose office a person held on a day, where all who bear the name served one country."""
    found = {t.office.of for t in offices_of(name, on=on) if t.seen >= _SURE}
    country = found.pop() if len(found) == 1 else ""
    return country if len(country) == 3 and country_name(country) else None
