"""Known actors: institutions, armed groups, houses that stand for governments."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import get_args

from pourparler.errors import KnowledgeError
from pourparler.knowledge.tables import folded, toml
from pourparler.record import ActorKind


@dataclass(frozen=True, slots=True)
class KnownActor:
    """What is known of a name. ``country`` is alpha-3, ``sector`` a PLOVER code; None where it has none."""

    name: str
    kind: ActorKind
    country: str | None
    sector: str | None


@functools.cache
def _index() -> dict[str, KnownActor]:
    out: dict[str, KnownActor] = {}
    for number, row in enumerate(toml("actors.toml")["actor"], 1):
        if row.get("kind") not in get_args(ActorKind) or not row.get("names"):
            raise KnowledgeError(
                f"actors.toml: entry {number} needs names and a kind of {', '.join(get_args(ActorKind))}"
            )
        actor = KnownActor(row["names"][0], row["kind"], row.get("country"), row.get("sector"))
        for name in row["names"]:
            out[_key(name)] = actor
    return out


def _key(name: str) -> str:
    # "WHO", "IS", "AU" are words when written small.
    return name if len(name) <= 3 else folded(name)


@functools.lru_cache(maxsize=1 << 15)
def known_actor(text: str) -> KnownActor | None:
    """Return what is known of a name, or None; a leading "the" does not count."""
    bare = text.strip()
    bare = bare[4:] if bare[:4].lower() == "the " else bare
    return _index().get(_key(bare)) if bare else None
