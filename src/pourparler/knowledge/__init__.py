"""Facts: countries, known actors, places. Tables shipped as data files; nothing is fetched."""

from pourparler.knowledge.actors import KnownActor, known_actor
from pourparler.knowledge.countries import CountryMention, countries_in, country_name, country_of, is_demonym
from pourparler.knowledge.places import ResolvedPlace, resolve_all, resolve_place
from pourparler.knowledge.toponyms import is_place, kinds_of_place

__all__ = [
    "CountryMention",
    "KnownActor",
    "ResolvedPlace",
    "countries_in",
    "country_name",
    "country_of",
    "is_demonym",
    "is_place",
    "kinds_of_place",
    "known_actor",
    "resolve_all",
    "resolve_place",
]
