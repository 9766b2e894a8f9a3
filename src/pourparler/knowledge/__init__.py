"""Facts: countries, known actors, places. Tables shipped as data files; nothing is fetched."""

from pourparler.knowledge.actors import OWN_ACTORS, KnownActor, known_actor, own_actors, own_actors_hash
from pourparler.knowledge.countries import CountryMention, countries_in, country_name, country_of, is_demonym
from pourparler.knowledge.offices import Office, Tenure, country_of_person, holders, office_in, offices_of
from pourparler.knowledge.places import ResolvedPlace, resolve_all, resolve_place
from pourparler.knowledge.tables import folded
from pourparler.knowledge.toponyms import is_place, kinds_of_place

__all__ = [
    "OWN_ACTORS",
    "CountryMention",
    "KnownActor",
    "Office",
    "ResolvedPlace",
    "Tenure",
    "countries_in",
    "country_name",
    "country_of",
    "country_of_person",
    "folded",
    "holders",
    "is_demonym",
    "is_place",
    "kinds_of_place",
    "known_actor",
    "office_in",
    "offices_of",
    "own_actors",
    "own_actors_hash",
    "resolve_all",
    "resolve_place",
]
