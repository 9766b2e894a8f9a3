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
    return out | _named(_read(Path(own)), own) if own else out


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise KnowledgeError(f"{path}: {error.strerror}; name a file of your own actors that can be read") from error
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


def own_actors_hash() -> str:
    """Return a hash of the user's own actors, or "" where there are none."""
    own = os.environ.get(OWN_ACTORS)
    return hashlib.sha256(Path(own).read_bytes()).hexdigest()[:16] if own and _index() else ""


def forget() -> None:
    """Forget what was read, so that another file of own actors counts."""
    _index.cache_clear()
    known_actor.cache_clear()


def _key(name: str) -> str:
    bare = name.strip()
    bare = bare[4:] if bare[:4].lower() == "the " else bare
    # "WHO", "IS", "AU" are words when written small.
    return bare if len(bare) <= 3 else folded(bare)


@functools.lru_cache(maxsize=1 << 15)
def known_actor(text: str) -> KnownActor | None:
    """Return what is known of a name, or None; a leading "the" does not count."""
    return _index().get(_key(text)) if text.strip() else None
