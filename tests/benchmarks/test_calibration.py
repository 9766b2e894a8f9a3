"""Expected calibration error, and which events count as right."""

from benchmarks.calibration import expected_error, right, right_type

TEXT = "Armenia accused Azerbaijan."
GOLD = {
    "id": "d",
    "text": TEXT,
    "events": [
        {
            "type": "ACCUSE",
            "sources": [{"text": "Armenia", "country": "ARM", "sector": "GOV"}],
            "targets": [{"text": "Azerbaijan", "country": "AZE", "sector": "GOV"}],
            "evidence": {"start": 8, "end": 15, "text": "accused"},
        }
    ],
}
ACTORS = [
    {"id": "a1", "name": "Armenia", "country": "ARM", "sector": "GOV", "mentions": []},
    {"id": "a2", "name": "Azerbaijan", "country": "AZE", "sector": "GOV", "mentions": []},
]


def record(*sides: tuple[list[str], list[str]]) -> dict[str, object]:
    evidence = [{"start": 8, "end": 15, "text": "accused"}]
    events = [{"type": "ACCUSE", "sources": a, "targets": b, "evidence": evidence} for a, b in sides]
    return {"actors": ACTORS, "events": events}


def test_confidence_that_holds_has_no_error() -> None:
    assert expected_error([(0.75, True), (0.75, True), (0.75, True), (0.75, False)]) == 0
    assert expected_error([]) == 0


def test_boasting_and_shyness_are_errors_of_their_size() -> None:
    assert round(expected_error([(0.9, False), (0.9, True)]), 3) == 0.4
    assert expected_error([(0.0, True)]) == 1.0
    assert expected_error([(1.0, True)]) == 0.0


def test_an_event_is_right_where_its_sides_are() -> None:
    assert right(GOLD, record((["a1"], ["a2"]))) == [True]
    assert right(GOLD, record((["a2"], ["a1"]))) == [False]
    assert right_type(GOLD, record((["a2"], ["a1"]))) == [True]


def test_one_gold_event_makes_one_event_right() -> None:
    assert sorted(right(GOLD, record((["a1"], ["a2"]), (["a1"], ["a2"])))) == [False, True]
