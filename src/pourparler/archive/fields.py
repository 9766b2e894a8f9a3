"""The fields of a telling that a person can correct: their values, what is allowed, and what follows from them."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, get_args

from pourparler import codebook
from pourparler.archive.candidates import date_of
from pourparler.archive.rows import Row, day_of
from pourparler.archive.search import fold
from pourparler.errors import ArchiveError
from pourparler.knowledge import country_name, country_of, country_of_person, known_actor, resolve_place
from pourparler.record import ActorKind, Status

FIELDS = ("type", "mode", "status", "sources", "targets", "first", "last", "place")
_PLACE = ("place", "country", "latitude", "longitude", "geonames")
_SIDES = {"sources": "source", "targets": "target"}
_FACTS = ("happened", "ongoing", "did_not_happen")
_WITH_COUNTRY = re.compile(r"(?P<name>[^()]+)\((?P<country>[A-Za-z]{3})\)")


def value_in(row: Row, field: str) -> Any:
    """Return the value of a field in a row of table ``telling``: text or None, a list of parties, or a place."""
    if field in _SIDES:
        return [one for one in json.loads(row["sides"]) if one["role"] == _SIDES[field]]
    if field == "place":
        return {name: row[name] for name in _PLACE} if row["place"] else None
    return row[field]


def values_in(row: Row) -> dict[str, Any]:
    """Return the values of all fields that can be corrected."""
    return {field: value_in(row, field) for field in FIELDS}


def same(field: str, a: Any, b: Any) -> bool:
    """True where two values of a field say the same: parties by who they are and act for, places by name."""
    return _essence(field, a) == _essence(field, b)


def _essence(field: str, value: Any) -> object:
    if field in _SIDES:
        return frozenset((fold(one["holder"] or one["name"]), one["country"]) for one in value or ())
    if field == "place":
        return (fold(value["place"]), value["country"]) if value else None
    return value


def in_words(field: str, value: Any) -> str:
    """Return a value as people read it; "nothing" where there is none."""
    if field in _SIDES:
        return ", ".join(one["holder"] or one["name"] for one in value or ()) or "nobody"
    if field == "place":
        return value["place"] if value else "nothing"
    return value or "nothing"


def with_values(row: Row, values: Mapping[str, Any]) -> Row:
    """Return a row of ``telling`` with fields set, and with what follows from them: intensity, day, folded place.

    A day that a person gives counts as stated; a fact that a person confirms rests on nobody's word any more.
    """
    if not values:
        return row
    out = dict(row)
    out |= {name: values[name] for name in ("type", "mode", "status") if name in values}
    if out["mode"] not in _modes(out["type"]):
        out["mode"] = None
    if (out["type"], out["mode"]) != (row["type"], row["mode"]):
        out["score"] = codebook.load().score(out["type"], out["mode"])
    if out["status"] in _FACTS and row["status"] not in _FACTS:
        out["saying"] = None
    if "sources" in values or "targets" in values:
        sides = [one for side in _SIDES for one in values.get(side, value_in(row, side))]
        out["sides"] = json.dumps(sides, ensure_ascii=True)
    if "place" in values:
        out |= values["place"] or dict.fromkeys(_PLACE)
        out["spot"] = fold(out["place"]) if out["place"] else None
    return _with_days(out, row, values)


def _with_days(out: Row, row: Row, values: Mapping[str, Any]) -> Row:
    days = {name: values[name] for name in ("first", "last") if name in values}
    if all(row[name] == value for name, value in days.items()):
        return out
    first, last = days.get("first", row["first"]), days.get("last", row["last"])
    if first and last and last < first:
        # Of the two days the one that a person gave stands; where both are given, the first.
        first, last = (first, first) if "first" in days else (last, last)
    known = first is not None
    return out | {
        "first": first,
        "last": (last or first) if known else None,
        "precision": "day" if known else None,
        "basis": "stated" if known else None,
        "day": day_of(first, row["published"]),
    }


def moved(row: Row, values: Mapping[str, Any], first: str | None) -> dict[str, Any]:
    """Return fields with another first day: what has no last day of its own, in the row or by these, is of one day.

    The end of a month that a report names, or the day of publication, is no last day.
    """
    was, last = (values.get(name, row[name]) for name in ("first", "last"))
    as_read = (was, last) == (row["first"], row["last"])
    several = was != last and not (as_read and (row["precision"] != "day" or row["basis"] == "publication"))
    return {**values, "first": first, "last": last if several else first}


def checked(field: str, value: object, row: Row, text: str) -> Any:
    """Return a value in the form in which it is kept; raises ArchiveError saying what is allowed.

    Args:
        field: one of FIELDS.
        value: text; for sources and targets also a list of names ("Name", or "Name (ARM)" with the country they act
            for). Empty text, an empty list or None empties a field that may be empty.
        row: the telling as it is shown, of which parties already named are taken over.
        text: the report, in which names are looked up.
    """
    if field not in FIELDS:
        raise ArchiveError(f"{field!r} is no field that can be corrected. Those are {', '.join(FIELDS)}")
    if field in _SIDES:
        names = value.split(";") if isinstance(value, str) else value
        if names is not None and not (isinstance(names, Sequence) and all(isinstance(one, str) for one in names)):
            raise ArchiveError(f"{field}: {value!r} is no list of names. Give names, parted by semicolons")
        return [_party(_SIDES[field], name, row, text) for name in names or () if name.strip()]
    if value is not None and not isinstance(value, str):
        raise ArchiveError(f"{field}: {value!r} is no text. Give text, or nothing to empty it")
    bare = (value or "").strip()
    if field in ("first", "last"):
        return _day(field, bare, row)
    if field == "place":
        return _place(bare, row)
    return _word(field, bare, row)


def _word(field: str, bare: str, row: Row) -> str | None:
    if field == "mode":
        allowed, found = _modes(row["type"]), bare.lower()
        if not bare:
            return None
    elif field == "type":
        allowed, found = tuple(codebook.load().types), bare.upper()
    else:
        allowed, found = get_args(Status), bare.lower().replace(" ", "_")
    if found not in allowed:
        of = f" of {row['type']}" if field == "mode" else ""
        listed = ", ".join(allowed) or "none: leave it empty"
        raise ArchiveError(f"{field}: {bare!r} is no {field}{of}. The {field}{of} is one of {listed}")
    return found


def _modes(type: str) -> tuple[str, ...]:
    return tuple(mode.name for mode in codebook.load().types[type].modes)


def _day(field: str, bare: str, row: Row) -> str | None:
    if field == "last" and not (bare and row["first"]):
        raise ArchiveError("last: there is a last day where there is a first, and only there. Correct first")
    if not bare:
        return None
    try:
        day = datetime.date.fromisoformat(bare).isoformat() if len(bare) == 10 else ""
    except ValueError:
        day = ""
    if not day:
        raise ArchiveError(f"{field}: {bare!r} is no day. Write it as YYYY-MM-DD")
    if field == "last" and day < row["first"]:
        raise ArchiveError(f"last: {day} is before the first day, {row['first']}. Correct first before it")
    return day


def _place(bare: str, row: Row) -> dict[str, Any] | None:
    if not bare:
        return None
    given = _WITH_COUNTRY.fullmatch(bare)
    name = given["name"].strip() if given else bare
    country = _country(given["country"]) if given else None
    found = resolve_place(name, context_countries=(country,) if country else ())
    if found is None or (country and found.country != country):
        return dict(zip(_PLACE, (name, country, None, None, None), strict=True))
    return dict(zip(_PLACE, (name, found.country, found.latitude, found.longitude, found.geonames), strict=True))


def _country(code: str) -> str:
    if country_name(code.upper()) is None:
        raise ArchiveError(f"{code!r} is no country. Give an alpha-3 code of ISO 3166-1, such as ARM, AZE or RUS")
    return code.upper()


def _party(role: str, words: str, row: Row, text: str) -> dict[str, Any]:
    """Return a party by name: one the telling has, else what is known of the name; where the report names it."""
    given = _WITH_COUNTRY.fullmatch(words.strip())
    name = given["name"].strip() if given else words.strip()
    present = (
        one for one in json.loads(row["sides"]) if fold(name) in (fold(one["name"]), fold(one["holder"] or ""))
    )
    party = next(present, None) or _stranger(name, row, text)
    if given:
        party |= {"country": _country(given["country"])}
    return {**party, "role": role}


def _stranger(name: str, row: Row, text: str) -> dict[str, Any]:
    known, country = known_actor(name), country_of(name)
    kind: ActorKind = "state" if country else "group"
    if known:
        kind, country = known.kind, known.country
    elif not country and (day := date_of(row["published"])):
        country = country_of_person(name, on=day)
        kind = "person" if country else kind
    return {
        "name": name,
        "kind": kind,
        "country": country,
        "sector": known.sector if known else "GOV" if kind == "state" else None,
        "title": None,
        "holder": None,
        "at": nearest(text, name, row["start"]),
    }


def nearest(text: str, words: str, near: int) -> list[int] | None:
    """Return the range of words in a text, where they stand nearest to an offset; None where they do not stand."""
    found = [at.start() for at in re.finditer(re.escape(words), text)] if words else []
    best = min(found, key=lambda start: abs(start - near), default=None)
    return None if best is None else [best, best + len(words)]
