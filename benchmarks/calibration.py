"""Whether confidence is what it says: of events at 0.8, four in five should be right."""

from __future__ import annotations

from collections.abc import Iterable

from benchmarks.matching import Json, assign, nearness, sides


def right(item: Json, record: Json) -> list[bool]:
    """Return of each event of a record whether it is one of the gold: its type, a source and a target match."""
    return _taken(item, record, whole=True)


def right_type(item: Json, record: Json) -> list[bool]:
    """Return of each event of a record whether its type and place in the text are those of one of the gold."""
    return _taken(item, record, whole=False)


def _taken(item: Json, record: Json, *, whole: bool) -> list[bool]:
    gold, events = item["events"], record["events"]
    actors = {actor["id"]: actor for actor in record["actors"]}

    def weight(i: int, j: int) -> float:
        if events[j]["type"] not in {gold[i]["type"], *gold[i].get("alternatives", ())}:
            return 0
        near = nearness(item["text"], gold[i], events[j])
        both = sides(gold[i], events[j], actors)
        if not near or (whole and not all(both)):
            return 0
        return 1.0 + near + 2 * sum(both) + bool(events[j]["type"] == gold[i]["type"])

    taken = {j for _, j in assign(len(gold), len(events), weight)}
    return [j in taken for j in range(len(events))]


def expected_error(pairs: Iterable[tuple[float, bool]], *, bins: int = 10) -> float:
    """Return the expected calibration error: the mean distance, over bins of equal width and weighted by events,
    between their mean confidence and the share that is right. 0 without events."""
    held: dict[int, list[tuple[float, bool]]] = {}
    for sure, true in pairs:
        held.setdefault(min(int(sure * bins), bins - 1), []).append((sure, true))
    count = sum(map(len, held.values()))
    gaps = [abs(sum(sure for sure, _ in rows) - sum(true for _, true in rows)) for rows in held.values()]
    return sum(gaps) / max(count, 1)
