"""Who acts towards whom, as GraphML: actors are nodes; an edge gathers the events of one type between two of them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any

import networkx

from pourparler.archive.search import fold
from pourparler.export.flat import columns, text, value
from pourparler.export.rows import EventRow, PartyRow

# Which of three counts an event adds to: what is told as fact, what is only somebody's word, what lies ahead.
_COUNTED = {
    "happened": "told", "ongoing": "told", "did_not_happen": "told", "alleged": "claimed", "denied": "claimed",
    "planned": "ahead", "possible": "ahead", "called_for": "ahead",
}  # fmt: skip


@dataclass(slots=True)
class _Edge:
    told: int = 0
    claimed: int = 0
    ahead: int = 0
    scores: list[float] = field(default_factory=list)
    days: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


def write(rows: Iterable[EventRow], stream: IO[bytes]) -> int:
    """Write the graph; return how many events have but one actor and give no edge.

    Where all who take part are sources, as in meetings, each two of them have an edge marked as mutual, beside the
    one of acts of the type that go one way.
    """
    graph = networkx.MultiDiGraph()
    edges: dict[tuple[str, str, str, bool], _Edge] = {}
    alone = 0
    for row in rows:
        for party in (*row.sources, *row.targets):
            _add(graph, party)
        ends = list(_ends(row))
        alone += not ends
        for source, target in ends:
            _count(edges.setdefault((source, target, row.type, not row.targets), _Edge()), row)
    for (source, target, type_, mutual), edge in edges.items():
        key = f"{type_} mutual" if mutual else type_
        graph.add_edge(source, target, key=key, mutual=mutual, **_attributes(type_, edge))
    networkx.write_graphml(graph, stream, encoding="utf-8", named_key_ids=True)
    return alone


def write_edges(rows: Iterable[Any], stream: IO[bytes], kind: type) -> None:
    """Write rows that have a ``source`` and a ``target`` as edges, their other fields as attributes."""
    graph = networkx.MultiDiGraph()
    for n, row in enumerate(rows):
        source, target = (text(getattr(row, end)) or "nobody" for end in ("source", "target"))
        held = {one.name: value(row, one) for one in columns(kind) if one.name not in ("source", "target")}
        kept = {name: one if isinstance(one, (int, float)) else text(one) for name, one in held.items()}
        graph.add_edge(source, target, key=str(n), **kept)
    networkx.write_graphml(graph, stream, encoding="utf-8", named_key_ids=True)


def _node(party: PartyRow) -> str:
    return f"{fold(party.name)} {party.country or ''}".strip() or "nobody"


def _add(graph: Any, party: PartyRow) -> None:
    if _node(party) not in graph:
        graph.add_node(
            _node(party), label=text(party.name), kind=party.kind, country=party.country or "",
            sector=party.sector or "",
        )  # fmt: skip


def _ends(row: EventRow) -> Iterator[tuple[str, str]]:
    sources, targets = ([*dict.fromkeys(map(_node, side))] for side in (row.sources, row.targets))
    if targets:
        yield from ((source, target) for source in sources for target in targets if source != target)
    else:
        yield from itertools.combinations(sorted(sources), 2)


def _count(edge: _Edge, row: EventRow) -> None:
    name = _COUNTED[row.status]
    setattr(edge, name, getattr(edge, name) + 1)
    edge.scores.append(row.score)
    edge.events.append(row.event)
    edge.days += [row.day] if row.day else []
    edge.words += [f"{one.report}:{one.start}-{one.end} {one.words}" for one in row.told]


def _attributes(type_: str, edge: _Edge) -> dict[str, str | int | float | bool]:
    return {
        "type": type_,
        "weight": len(edge.events),
        "told": edge.told,
        "claimed": edge.claimed,
        "ahead": edge.ahead,
        "score": round(sum(edge.scores) / len(edge.scores), 3),
        "first": min(edge.days, default=""),
        "last": max(edge.days, default=""),
        "events": text(tuple(edge.events)),
        "words": text(tuple(edge.words)),
    }
