"""Facts: countries, known actors, places. Tables shipped as data files; nothing is fetched."""

from pourparler.knowledge.actors import KnownActor, known_actor
from pourparler.knowledge.countries import CountryMention, countries_in, country_name, country_of
from pourparler.knowledge.places import ResolvedPlace, resolve_place

__all__ = [
    "CountryMention",
    "KnownActor",
    "ResolvedPlace",
    "countries_in",
    "country_name",
    "country_of",
    "known_actor",
    "resolve_place",
]
