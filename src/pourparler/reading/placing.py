"""Where each event took place: the words the network points at, as the report's toponyms say which place that is."""

from __future__ import annotations

import dataclasses

from pourparler import knowledge
from pourparler.knowledge import ResolvedPlace
from pourparler.reading.draft import Argument, Draft, Range, Toponym
from pourparler.reading.overlaps import Overlaps
from pourparler.record import Event, Place


class Placing:
    name = "reading.placing.v2"
    needs = frozenset({"triggers", "events", "event_words", "actors", "toponyms"})
    gives = frozenset({"events"})

    def __call__(self, draft: Draft) -> None:
        context = {a.country for a in draft.actors if a.country}
        places = {t.words: max(t.role("place"), key=lambda a: a.score) for t in draft.triggers if t.role("place")}
        toponyms = Overlaps((*t.words, t) for t in draft.toponyms)
        draft.events = tuple(_placed(draft, event, places, context, toponyms) for event in draft.events)


def _placed(
    draft: Draft, event: Event, places: dict[Range, Argument], context: set[str], toponyms: Overlaps[Toponym]
) -> Event:
    found = places.get(draft.event_words[event.id])
    if found is None:
        # No toponym nearby is taken in its stead: "in" or "at" before the next one behind the act gave no right place
        # and four wrong ones on the held-out reports.
        return event
    name, span = draft.text(found.words), draft.span(found.words)
    known = _resolved(toponyms, found.words) or knowledge.resolve_place(name, context_countries=context)
    if known is None:
        # The words stay: a place nobody can put on the map is still where the report says it was.
        return dataclasses.replace(event, place=Place(name, None, None, None, None, span))
    return dataclasses.replace(
        event, place=Place(name, known.country, known.latitude, known.longitude, known.geonames, span)
    )


def _resolved(toponyms: Overlaps[Toponym], words: Range) -> ResolvedPlace | None:
    """Return the place of the first toponym in a range: "Geneva" in "Geneva, Switzerland"."""
    inside = [t for t in toponyms.beginning(words) if t.words[1] <= words[1] and t.place]
    return min(inside, key=lambda t: t.demonym).place if inside else None
