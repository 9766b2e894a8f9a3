"""What passages count: which number belongs to which unit, and what is no count at all."""

from __future__ import annotations

import pytest

from pourparler.archive.numbers import numbers


@pytest.mark.parametrize(
    ("passage", "wanted"),
    [
        ("12 soldiers were killed.", {"killed": 12}),
        ("The shelling killed two and wounded five.", {"killed": 2, "wounded": 5}),
        # What stands behind "and" or a comma is counted by its own word.
        ("Two people were killed and five wounded.", {"killed": 2, "wounded": 5}),
        ("13 villagers were killed and more than 40 others injured.", {"killed": 13, "wounded": 40}),
        ("Three killed, four injured", {"killed": 3, "wounded": 4}),
        # A verb with a number of its own counts no number before it.
        ("An attack killed 12 soldiers.", {"killed": 12}),
        ("Two strikes on a depot killed at least 13 guards.", {"killed": 13}),
        ("A soldier was killed.", {"killed": 1}),
        ("A mine killed a shepherd.", {"killed": 1}),
        ("At least 144 people were injured at a rally.", {"wounded": 144}),
        ("Six people are wounded as a bus burns.", {"wounded": 6}),
    ],
)
def test_a_number_belongs_to_its_own_word(passage: str, wanted: dict[str, int]) -> None:
    assert numbers(passage) == wanted


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("1,200", 1200), ("1.5 million", 1_500_000), ("100,000", 100_000), ("20 thousand", 20_000),
        ("forty-five", 45), ("twenty two", 22), ("a dozen", 12), ("two dozen", 24), ("half a million", 500_000),
        ("two hundred and thirty", 230), ("one hundred twenty", 120), ("three thousand five hundred", 3500),
        ("six hundred thousand", 600_000), ("a", 1), ("two million five hundred thousand", 2_500_000),
    ],
)  # fmt: skip
def test_a_number_is_read_whole(words: str, number: int) -> None:
    assert numbers(f"The war left {words} people displaced.") == {"displaced": number}


def test_two_numbers_beside_each_other_are_two() -> None:
    assert numbers("Killing two hundred, three wounded.") == {"killed": 200, "wounded": 3}
    assert numbers("Half of the troops left; two hundred and") == {}


@pytest.mark.parametrize(
    ("passage", "wanted"),
    [
        ("On 27 September two soldiers were killed.", {"killed": 2}),
        ("On September 27, three civilians were wounded.", {"wounded": 3}),
        ("On 5 March troops crossed the border.", {}),
        ("On September 27, 2020 troops left.", {}),
        ("In 2020 troops withdrew.", {}),
        ("The 2020 war killed thousands.", {}),
        ("In September, 27 soldiers were killed.", {"killed": 27}),
        ("Some 5 may die.", {"killed": 5}),
        ("In 2020 1,960 peacekeepers came.", {"troops": 1960}),
    ],
)
def test_a_date_counts_nothing(passage: str, wanted: dict[str, int]) -> None:
    assert numbers(passage) == wanted
