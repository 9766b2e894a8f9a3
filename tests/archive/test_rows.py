"""The sentences that are shown around an act: all of its own, and none of another's."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from pourparler.archive import schema, search
from pourparler.archive.rows import passage
from pourparler.archive.showing import refresh
from pourparler.archive.store import Archive
from tests.archive.by_hand import events_by_hand

TEXT = 'Norland sent aid.\nOn Monday it rained. Eastia accused Norland of theft. "Nobody stole," said Norland.'


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("accused", "Eastia accused Norland of theft."),
        # From the first word of a sentence on, as where its subject is part of the evidence.
        ("Eastia accused Norland", "Eastia accused Norland of theft."),
        ("On Monday it rained", "On Monday it rained."),
        ('"Nobody stole," said', '"Nobody stole," said Norland.'),
        ("Nobody stole", '"Nobody stole," said Norland.'),
        ("Norland sent", "Norland sent aid."),
        ("rained. Eastia", "On Monday it rained. Eastia accused Norland of theft."),
        ("Norland.", '"Nobody stole," said Norland.'),
    ],
)
def test_a_passage_is_the_sentences_of_its_words(words: str, wanted: str) -> None:
    start = TEXT.index(words)
    begin, stop = passage(TEXT, start, start + len(words))
    assert TEXT[begin:stop] == wanted


def test_a_telling_whose_passage_changes_is_found_by_the_new_one_alone(where: str) -> None:
    """A version that cut passages otherwise may have made the rows that a verdict puts new ones in place of."""
    with Archive.open(where, create=True) as archive:
        key = events_by_hand(archive)["r1:1"]
        telling = schema.telling
        with archive.writing() as connection:
            row = connection.execute(select(telling).where(telling.c.key == key)).one()
            title = "Title of r1 "
            text = connection.execute(
                select(schema.report.c.text).where(schema.report.c.key == row.report)
            ).scalar_one()
            search.remove(connection, telling, [(row.n, title + text[row.passage_start : row.passage_end])])
            search.add(connection, telling, [(row.n, title + text)])
            wide = {"passage_start": 0, "passage_end": len(text)}
            connection.execute(update(telling).where(telling.c.key == key).values(wide))
            refresh(connection, row.report)
        with archive.reading() as connection:
            for word, found in (("shelled", False), ("corridor", True)):
                query = select(telling.c.key).where(search.found(connection, telling, word))
                assert (key in connection.execute(query).scalars().all()) is found
