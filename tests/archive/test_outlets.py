"""Outlets: what a facet's number says is what its list has, and words of a name go on to match parts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pourparler.archive.outlets import named, whole
from pourparler.archive.query import Count, Facets, Query, count, facets, find
from pourparler.archive.store import Archive
from pourparler.errors import ArchiveError
from tests.archive.by_hand import Act, events_by_hand, fill, record

_MET = Act("met", "CONSULT", ("Armenia", "Azerbaijan"))
_BLAMED = Act("blamed", "ACCUSE", ("Armenia",), ("Russia",))
MORE = (
    record("o1", "2024-01-01", "BBC", "Armenia met Azerbaijan over the corridor.", [_MET]),
    record("o2", "2024-01-02", "Reuters ; BBC", "Armenia met Azerbaijan.", [_MET]),
    record("o3", "2024-01-03", "bbc", "Armenia blamed Russia.", [_BLAMED]),
    record("o4", "2024-01-04", "=BBC", "Armenia blamed Russia.", [_BLAMED]),
    record("o5", "2024-01-05", " ; ", "Armenia blamed Russia.", [_BLAMED]),
    record("o6", "2024-01-06", "BBC News", "Armenia met Azerbaijan, and blamed nobody.", [_MET]),
)


def _filled(archive: Archive) -> None:
    events_by_hand(archive)
    fill(archive, MORE, joined=[[("o1", 0), ("o2", 0), ("o6", 0)]])


def _lists(archive: Archive, query: Query, told: Facets) -> list[tuple[str, str, int, int]]:
    """Return what each number of a facet says, and how many events are listed where it is asked for."""
    out = [("outlet", one, count(archive, replace(query, outlet=(whole(one.value),)))) for one in told.outlets]
    if not query.source:
        out += [("source", one, count(archive, replace(query, source=(one.value,)))) for one in told.source_countries]
    if not query.target:
        out += [("target", one, count(archive, replace(query, target=(one.value,)))) for one in told.target_countries]
    out += [("type", one, count(archive, replace(query, type=(one.value,)))) for one in told.types]
    return [(field, one.value, one.events, listed) for field, one, listed in out]


@pytest.mark.parametrize(
    "query",
    [
        Query(),
        Query(text="corridor"),
        Query(text="killed"),
        Query(source=("MIL",)),
        Query(target=("RUS",), since="2024"),
        Query(near="Lachin"),
        Query(outlet=("bbc",)),
        Query(outlet=("=Reuters", "AFP")),
        Query(outlet=("news",), text="Lachin"),
        Query(min_outlets=2),
    ],
)
def test_a_number_of_a_facet_is_that_of_its_list(where: str, query: Query) -> None:
    with Archive.open(where, create=True) as archive:
        _filled(archive)
        lists = _lists(archive, query, facets(archive, query))
        assert len(lists) > 2
        assert [one for one in lists if one[2] != one[3]] == []


def test_a_whole_name_and_words_of_it(where: str) -> None:
    with Archive.open(where, create=True) as archive:
        _filled(archive)

        def listed(*words: str) -> int:
            return len(find(archive, Query(outlet=words)))

        assert (listed("=BBC"), listed("=bbc"), listed("==BBC"), listed("=BBC News")) == (1, 1, 1, 5)
        assert listed("BBC") == listed("bbc") == 7 and listed("=BBC", "=bbc") == 2
        assert listed("AFP") == listed("=AFP") == 2
        for word in ("=BB", "=", "=news", "= ;"):
            with pytest.raises(ArchiveError, match="whole name"):
                listed(word)
        counts = facets(archive, Query(outlet=("bbc",))).outlets
        assert counts == (Count("BBC News", 5), Count("=BBC", 1), Count("BBC", 1), Count("bbc", 1))


def test_a_column_names_outlets() -> None:
    assert named("Reuters ; BBC") == ("Reuters", "BBC") and named(" ; ") == named(None) == named("") == ()
