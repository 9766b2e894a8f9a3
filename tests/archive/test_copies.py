"""Copies are found however they were retyped or lightly edited; look-alikes that tell other things are none."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from pourparler.archive import copying, schema
from pourparler.archive.copies import Copy, Link, Paper, find_copies, group, links, shipped, signature
from pourparler.archive.likeness import compare
from pourparler.archive.store import Archive, Arrived
from pourparler.archive.wording import body, digest, wording
from pourparler.errors import ArchiveError
from pourparler.record import Document

TALKS = (
    "Foreign ministers of Armenia and Azerbaijan met in Geneva on Monday for a second day of talks on the border, "
    "the Swiss government said. They agreed to meet again in Tbilisi, where the organisers expect both leaders."
)
RAID = "At least 12 civilians are killed and 30 others wounded in an air raid on a market in Kherson, Ukraine."
ALARM = "The mayor of Stepanakert says that bread has run out and asks the United Nations for an airlift of food."


def copies_of(*texts: str, published: str | None = "2023-05-04") -> list[Copy]:
    return find_copies(Paper(f"r{n}", text, published) for n, text in enumerate(texts))


@pytest.mark.parametrize(
    "edited",
    [
        TALKS.upper(),
        TALKS.replace("Monday", "Mon­day").replace("­", ""),
        "  " + TALKS.replace(" ", "\n ").replace("Tbilisi,", "Tbilisi -"),
        TALKS.replace("Geneva", "Genèva"),
        TALKS.replace("organisers", "organ-\u00adisers").replace("\u00ad", ""),
    ],
)
def test_a_retyped_copy_is_exact(edited: str) -> None:
    assert copies_of(TALKS, edited) == [Copy("r1", "r0", "exact", 1.0)]


@pytest.mark.parametrize(
    "edited",
    [
        "GENEVA (Reuters) - " + TALKS,
        TALKS + " Reporting by Ada Lind; editing by Tom Brook.",
        TALKS.replace("ministers", "minsters").replace("government", "governmnet"),
        TALKS.replace("agreed", "decided").replace("said", "announced"),
        TALKS.replace("organisers", "organizers").replace("second", "2nd"),
        " ".join(reversed(TALKS.split(". "))).replace("leaders.", "leaders. "),
        TALKS.split(", where")[0] + ".",
        TALKS.replace("on Monday ", ""),
        TALKS.replace("Armenia", "Armennia"),
        TALKS.replace("Swiss government", "Swiss authorities").replace("the border", "their common border"),
    ],
)
def test_a_lightly_edited_copy_is_near(edited: str) -> None:
    (found,) = copies_of(TALKS, edited, RAID, ALARM)
    assert (found.report, found.of, found.method) == ("r1", "r0", "near")
    assert shipped().least <= found.score < 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (RAID, RAID.replace("12", "15")),
        (RAID, RAID.replace("Kherson", "Kharkiv")),
        (RAID, RAID.replace("At least 12", "Two").replace("30 others", "5 others")),
        ("Armenia accuses Azerbaijan of shelling villages.", "Azerbaijan accuses Armenia of shelling villages."),
        ("A quake of magnitude 5 strikes western Iran.", "A quake of magnitude 5 strikes western Iraq."),
        ("The rebels did accept the truce, the envoy says.", "The rebels did not accept the truce, the envoy says."),
        ("The peace talks begin in Doha, Qatar, on Friday.", "The peace talks end in Doha, Qatar, on Friday."),
        ("The first of two rounds of talks is held in Oslo.", "The second of two rounds of talks is held in Oslo."),
        ("Estonia reports its first case of the new virus.", "Latvia reports its first case of the new virus."),
        ("The envoy ordered a halt to the shelling.", "The envoy denies he ordered a halt to the shelling."),
        ("The army loses 1.5 million rounds in a fire.", "The army loses 15 million rounds in a fire."),
        ("The sides exchange prisoners at the bridge, 3-1.", "The sides exchange prisoners at the bridge, 31."),
    ],
)  # fmt: skip
def test_look_alikes_that_tell_other_things_are_no_copies(one: str, other: str) -> None:
    assert copies_of(one, other) == []


def test_numbers_in_words_are_numbers() -> None:
    words = RAID.replace("12", "twelve").replace("30", "thirty")
    assert wording(words) == wording(RAID)
    assert copies_of(words, words.replace("thirty", "forty")) == []


def test_one_changed_number_in_a_long_report_is_a_correction() -> None:
    long = " ".join(
        (
            TALKS,
            ALARM,
            RAID,
            "Lorries with flour, rice, blankets, medicine and fuel wait in a long line before the checkpoint.",
            "Drivers sleep in their cabins, cook beside the wheels and telephone families.",
            "Observers of the mission drove along the road and counted the lorries there.",
        )
    )
    (found,) = copies_of(long, long.replace("30 others", "31 others"))
    assert found.method == "near"


SHORT = "Polls open."
PAPERS = (
    Paper("b", TALKS, "2023-05-04T10:00:00Z"),
    Paper("a", TALKS, "2024-05-04"),  # long and the same: at any time
    Paper("c", TALKS.replace("agreed", "decided"), "2023-05-18"),
    Paper("d", TALKS.replace("agreed", "decided") + " Indeed.", "2023-06-20"),  # near, but too late
    Paper("e", SHORT, "2023-05-04"),
    Paper("f", SHORT, "2023-05-10"),
    Paper("g", SHORT, "2023-08-10"),
)


def test_the_first_published_is_the_original_and_days_part_short_or_edited_ones() -> None:
    assert {(one.report, one.of) for one in find_copies(PAPERS)} == {("a", "b"), ("c", "b"), ("f", "e")}


@pytest.mark.parametrize("portions", [PAPERS[::-1], PAPERS[1:] + PAPERS[:1]])
@pytest.mark.parametrize("size", [1, 3, 7])
def test_an_archive_finds_what_all_papers_at_once_give(where: str, portions: tuple[Paper, ...], size: int) -> None:
    with Archive.open(where, create=True) as archive:
        names: dict[str, str] = {}
        for at in range(0, len(portions), size):
            chosen = portions[at : at + size]
            documents = [Document(one.key, one.text, published=one.published) for one in chosen]
            keys = archive.add_reports([Arrived(one, "x", str(n)) for n, one in enumerate(documents)])
            names |= dict(zip(keys, (one.key for one in chosen), strict=True))
            copying.find_copies(archive, keys)
        with archive.reading() as connection:
            rows = connection.execute(select(schema.copy)).all()
    found = {Copy(names[row.report], names[row.of], row.method, row.score) for row in rows}
    assert found == set(find_copies(PAPERS))


def test_reports_without_a_day_are_near_every_other() -> None:
    papers = [Paper("a", TALKS, "2023"), Paper("b", TALKS.replace("agreed", "decided"), "2020-01-01")]
    assert [(one.report, one.of) for one in find_copies(papers)] == [("a", "b")]


def test_chains_end_where_their_ends_are_too_far_apart() -> None:
    papers = [Paper(key, RAID, f"2023-05-{day:02}") for key, day in (("a", 1), ("b", 13), ("c", 25))]
    chain = [Link("a", "b", "near", 0.95), Link("b", "c", "near", 0.95)]
    assert group(papers, chain) == [Copy("b", "a", "near", 0.95)]
    close = [Paper(key, RAID, "2023-05-01") for key in "abc"]
    assert group(close, chain) == [Copy("b", "a", "near", 0.95), Copy("c", "a", "near", 0.9025)]


def test_empty_reports_are_copies_of_nothing() -> None:
    assert copies_of("", " ", "...", "\udcff", "the", "of") == []


def test_two_papers_of_one_key_are_refused() -> None:
    with pytest.raises(ArchiveError, match="one key"):
        find_copies([Paper("a", TALKS), Paper("a", RAID)])


WORDS = st.sampled_from((TALKS + " " + RAID + " " + ALARM).split())
TEXTS = st.one_of(
    st.sampled_from([TALKS, RAID, ALARM, TALKS.upper(), TALKS.replace("agreed", "decided"), "(AFP) " + RAID]),
    st.lists(WORDS, max_size=30).map(" ".join),
    st.text(max_size=40),
)
DAYS = st.one_of(st.none(), st.integers(1, 28).map(lambda day: f"2023-05-{day:02}"), st.just("2023"))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(TEXTS, DAYS), max_size=12), st.randoms())
def test_the_order_of_papers_does_not_matter_and_originals_have_no_copies(
    rows: list[tuple[str, str | None]], chance: random.Random
) -> None:
    papers = [Paper(f"r{n:02}", text, day) for n, (text, day) in enumerate(rows)]
    mixed = papers[:]
    chance.shuffle(mixed)
    found = find_copies(papers)
    assert find_copies(mixed) == found
    copied = {one.report for one in found}
    assert len(copied) == len(found) and not copied & {one.of for one in found}
    # Without its copies, nothing is left to find that was not between copies.
    assert not {one.of for one in found} & {
        one.report for one in find_copies([p for p in papers if p.key not in copied])
    }


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(TEXTS, DAYS), min_size=2, max_size=12), st.data())
def test_adding_new_papers_gives_what_all_at_once_give(
    rows: list[tuple[str, str | None]], data: st.DataObject
) -> None:
    papers = [Paper(f"r{n:02}", text, day) for n, (text, day) in enumerate(rows)]
    late = data.draw(st.sets(st.sampled_from([paper.key for paper in papers])))
    kept = {paper.key: signature(paper.text) for paper in papers}
    before = links([paper for paper in papers if paper.key not in late], signatures=kept)
    added = links(papers, signatures=kept, new=late)
    assert group(papers, [*before, *added]) == find_copies(papers)


@settings(deadline=None, max_examples=100)
@given(TEXTS, TEXTS)
def test_likeness_is_the_same_both_ways_and_whole_with_itself(one: str, other: str) -> None:
    a, b = wording(one), wording(other)
    assert compare(a, b) == compare(b, a)
    if a.words:
        assert (compare(a, a).both, compare(a, a).changes) == (1.0, 0)


@given(st.lists(WORDS, min_size=1, max_size=20), st.sampled_from([" ", "\n", "  ", "\u00a0", " - ", ", "]))
def test_the_digest_sees_words_only(words: list[str], between: str) -> None:
    one, other = " ".join(words), between.join(word.upper() for word in words)
    assert digest(one) == digest(other) == digest("“" + other + "”")
    assert digest(one) != digest(one + " more")


def test_signatures_are_short_and_old_ones_are_made_anew() -> None:
    assert len(signature(TALKS)) == len(signature(TALKS * 200)) == len(signature("")) == 271
    assert signature(TALKS) == signature(TALKS) != signature(RAID)
    papers = [Paper("a", TALKS), Paper("b", TALKS + " (Reuters)")]
    wrong = {"a": b"\x00" * 271, "b": b"short"}
    assert find_copies(papers, signatures=wrong) == find_copies(papers) != []


def test_a_desks_formulas_are_left_out_and_news_stays() -> None:
    assert body("KYIV, Ukraine (AFP) — Shells fell. Reporting by Ada Lind").split() == ["Shells", "fell."]
    assert "record" in body("Breaking a record, the bridge opens.") and body("(Reuters)") == "(Reuters)"


def test_a_flood_of_equal_and_of_numbered_reports_takes_no_long_time() -> None:
    # Compared each with each, as many equal reports would take a quarter of an hour (0.2 ms a pair).
    same = [Paper(f"s{n}", RAID, "2023-05-04") for n in range(3000)]
    alike = [Paper(f"n{n:05}", f"{ALARM} Number {n} of the list.", f"2023-05-{n % 28 + 1:02}") for n in range(150)]
    begun = time.process_time()
    found = find_copies([*same, *alike])
    assert time.process_time() - begun < 15
    assert sum(one.of == "s0" for one in found) == 2999
    assert not any(one.report.startswith("n") for one in found)


def test_a_book_is_compared_with_another_in_time() -> None:
    chance = random.Random(1)
    words = [f"w{chance.randrange(4000)}" if n % 9 else f"Name{chance.randrange(4000)}." for n in range(30_000)]
    begun = time.process_time()
    (found,) = copies_of(" ".join(words), " ".join(words[:25_000]))
    assert found.method == "near" and time.process_time() - begun < 15
