"""Where each event took place: the words the network points at, resolved in the gazetteer."""

from __future__ import annotations

import dataclasses

from pourparler import knowledge
from pourparler.reading.draft import Argument, Draft
from pourparler.record import Event, Place


class Placing:
    name = "reading.placing.v1"
    needs = frozenset({"triggers", "events", "event_words", "actors"})
    gives = frozenset({"events"})

    def __call__(self, draft: Draft) -> None:
        context = {a.country for a in draft.actors if a.country}
        places = {t.words: max(t.role("place"), key=lambda a: a.score) for t in draft.triggers if t.role("place")}
        draft.events = tuple(_placed(draft, event, places, context) for event in draft.events)


def _placed(draft: Draft, event: Event, places: dict[tuple[int, int], Argument], context: set[str]) -> Event:
    found = places.get(draft.event_words[event.id])
    if found is None:
        return event
    name, span = draft.text(found.words), draft.span(found.words)
    known = knowledge.resolve_place(name, context_countries=context)
    if known is None:
        # The words stay: a place nobody can put on the map is still where the report says it was.
        return dataclasses.replace(event, place=Place(name, None, None, None, None, span))
    return dataclasses.replace(
        event, place=Place(name, known.country, known.latitude, known.longitude, known.geonames, span)
    )
