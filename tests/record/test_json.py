"""Records go to JSON and back without loss; the schema is that of the types."""

import json

import jsonschema
import pytest

from pourparler.errors import RecordError
from pourparler.record import Record, document_id, dumps, loads, published_form, quote, schema, to_dict


def test_a_record_comes_back_as_it_went(record: Record) -> None:
    assert loads(dumps(record)) == record
    assert loads(dumps(record, indent=2)) == record


def test_the_first_key_is_the_schema(record: Record) -> None:
    assert next(iter(to_dict(record))) == "schema"


def test_a_record_is_valid_and_a_broken_one_is_not(record: Record) -> None:
    data = json.loads(dumps(record))
    jsonschema.validate(data, schema())
    data["events"][0]["type"] = "QUARREL"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, schema())


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda d: d["events"][0].pop("status"), r"events\[0\].status is missing"),
        (lambda d: d["events"][0].update(status="maybe"), "'maybe' is none of"),
        (lambda d: d.update(schema="other/1"), "read the report again"),
        (lambda d: d["actors"][0].update(mentions="x"), "a list was expected"),
        (lambda d: d["actors"][0]["mentions"][0].update(start=True), "int was expected"),
    ],
)
def test_what_is_wrong_is_named(record: Record, change: object, told: str) -> None:
    data = json.loads(dumps(record))
    change(data)  # type: ignore[operator]
    with pytest.raises(RecordError, match=told):
        loads(json.dumps(data))


def test_json_that_is_none_is_placed() -> None:
    with pytest.raises(RecordError, match="line 1, column 2"):
        loads("{x")


def test_unknown_keys_are_passed_over(record: Record) -> None:
    data = json.loads(dumps(record))
    data["more"] = 1
    assert loads(json.dumps(data)) == record


def test_a_lone_surrogate_survives(record: Record) -> None:
    import dataclasses

    odd = dataclasses.replace(record, document=dataclasses.replace(record.document, text="\ud800 x"))
    assert loads(dumps(odd).encode("utf-8").decode("utf-8")) == odd


def test_content_ids_tell_reports_apart() -> None:
    assert document_id("a") == document_id("a") != document_id("b")
    assert document_id("a", published="2023-05-04") != document_id("a")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("2023-05-04", "2023-05-04"),
        (" 2023-05-04 ", "2023-05-04"),
        ("2023-05-04T10:00:00Z", "2023-05-04T10:00:00Z"),
        ("2023-05-04T10:00:00+04:00", "2023-05-04T06:00:00Z"),
        ("2023-05-04 10:00", "2023-05-04T10:00:00Z"),
    ],
)
def test_days_of_publication_take_one_form(given: str, kept: str) -> None:
    assert published_form(given) == kept


@pytest.mark.parametrize(
    "given", ["May 4", "2023-02-31", "04.05.2023", "", "2023-05-04Tnoon", "0001-01-01T00:00+14:00"]
)
def test_what_is_no_day_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match="write YYYY-MM-DD"):
        published_form(given)


def test_an_empty_or_outside_quote_is_refused() -> None:
    assert quote("abc", 1, 2).text == "b"
    for start, end in ((1, 1), (2, 1), (0, 4), (-1, 2)):
        with pytest.raises(ValueError, match="empty or outside"):
            quote("abc", start, end)
