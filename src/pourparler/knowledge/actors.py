"""Known actors: institutions, armed groups, houses that stand for governments."""

from __future__ import annotations

import functools
import hashlib
import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from pourparler.errors import KnowledgeError
from pourparler.knowledge.countries import country_name
from pourparler.knowledge.tables import folded, toml
from pourparler.record import ActorKind

_INITIALS = re.compile(r"\b(?:[A-Z]\.){2,}")
OWN_ACTORS = "POURPARLER_ACTORS"  # names a file of the user's own, which goes before what is shipped


@dataclass(frozen=True, slots=True)
class KnownActor:
    """What is known of a name. ``country`` is alpha-3, ``sector`` a PLOVER code; None where it has none."""

    name: str
    kind: ActorKind
    country: str | None
    sector: str | None


@functools.cache
def _index() -> dict[str, KnownActor]:
    out = _named(toml("actors.toml"), "actors.toml")
    own = os.environ.get(OWN_ACTORS)
    return out | _named(_parsed(_body(own), own), own) if own else out


@functools.cache
def _body(path: str) -> bytes:
    # Read once: what is hashed, and kept by an archive, is what was read with.
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise KnowledgeError(f"{path}: {error.strerror}; name a file of your own actors that can be read") from error


def _parsed(body: bytes, path: str) -> dict[str, Any]:
    try:
        # Line ends as whatever system wrote the file has them.
        return tomllib.loads(body.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n"))
    except UnicodeDecodeError as error:
        raise KnowledgeError(f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8") from error
    # A number of thousands of digits is a ValueError, lists in lists without end are a RecursionError.
    except (ValueError, RecursionError) as error:
        raise KnowledgeError(f"{path}: not TOML: {error}; see docs/cli.md for the form") from error


def _named(data: dict[str, Any], file: str) -> dict[str, KnownActor]:
    """Return actors by the keys of their names; raises KnowledgeError naming file, entry and what it lacks."""
    entries = data.get("actor")
    if not isinstance(entries, list) or not entries:
        raise KnowledgeError(f"{file}: no [[actor]] in it; write one for each actor, with names and a kind")
    out: dict[str, KnownActor] = {}
    for number, row in enumerate(entries, 1):
        problem = _problem(row)
        if problem:
            raise KnowledgeError(f"{file}: entry {number} {problem}")
        actor = KnownActor(row["names"][0], row["kind"], row.get("country"), row.get("sector"))
        out |= {_key(name): actor for name in row["names"]}
    return out


def _problem(row: dict[str, Any]) -> str | None:
    names = row.get("names")
    if not isinstance(names, list) or not names or not all(isinstance(name, str) and name.strip() for name in names):
        return 'needs names, as names = ["Name", "Other name"]'
    if row.get("kind") not in get_args(ActorKind):
        return f"needs a kind, one of {', '.join(get_args(ActorKind))}"
    country, sector = row.get("country"), row.get("sector")
    if country is not None and country_name(str(country)) is None:
        return f"has the country {country!r}; give its ISO 3166-1 alpha-3 code, or leave it out"
    if sector is not None and not re.fullmatch(r"[A-Z]{3}", str(sector)):
        return f"has the sector {sector!r}; give a PLOVER sector such as GOV or REB, or leave it out"
    unknown = sorted(set(row) - {"names", "kind", "country", "sector"})
    return f"has the unknown key {unknown[0]}; names, kind, country and sector are known" if unknown else None


def own_actors() -> bytes:
    """Return the user's own actors as their file holds them, or nothing where there are none."""
    own = os.environ.get(OWN_ACTORS)
    return _body(own) if own and _index() else b""


def own_actors_hash() -> str:
    """Return a hash of the user's own actors, or "" where there are none."""
    body = own_actors()
    return list_hash(body) if body else ""


def list_hash(body: bytes) -> str:
    """Return the hash of a list of own actors, by which runs name it: 16 hexadecimal digits."""
    return hashlib.sha256(body).hexdigest()[:16]


def forget() -> None:
    """Forget what was read, so that another file of own actors counts."""
    _body.cache_clear()
    _index.cache_clear()
    known_actor.cache_clear()


def _key(name: str) -> str:
    bare = _INITIALS.sub(lambda found: found[0].replace(".", ""), name.strip())  # "U.N. Security Council"
    bare = bare[4:] if bare[:4].lower() == "the " else bare
    # "WHO", "IS", "AU" are words when written small.
    return bare if len(bare) <= 3 else folded(bare)


@functools.lru_cache(maxsize=1 << 15)
def known_actor(text: str) -> KnownActor | None:
    """Return what is known of a name, or None; a leading "the" does not count."""
    return _index().get(_key(text)) if text.strip() else None
