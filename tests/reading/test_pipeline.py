"""The pipeline is checked when it is built, and one bad report stops nothing."""

from dataclasses import dataclass

import pytest

from pourparler.errors import PipelineError, ReadingError
from pourparler.reading import Reader
from pourparler.reading.draft import Draft
from pourparler.record import Document


@dataclass
class Step:
    name: str = "test.step.v1"
    needs: frozenset[str] = frozenset({"document"})
    gives: frozenset[str] = frozenset({"words"})

    def __call__(self, draft: Draft) -> None:
        if "boom" in draft.document.text:
            raise ValueError("boom")


def test_a_component_without_what_it_needs_is_refused() -> None:
    with pytest.raises(PipelineError, match="needs sentences"):
        Reader(components=[Step(needs=frozenset({"sentences"}))])


def test_a_component_that_gives_an_unknown_layer_is_refused() -> None:
    with pytest.raises(PipelineError, match="no draft has"):
        Reader(components=[Step(gives=frozenset({"nonsense"}))])


def test_a_component_without_a_version_is_refused() -> None:
    with pytest.raises(PipelineError, match="no version"):
        Reader(components=[Step(name="test.step")])


def test_a_bad_report_goes_to_the_handler_and_the_rest_is_read() -> None:
    errors: list[ReadingError] = []
    documents = [Document("a", "fine"), Document("b", "boom"), Document("c", "fine too")]
    records = list(Reader(components=[Step()]).read_many(documents, on_error=errors.append))
    assert [r.document.id for r in records] == ["a", "c"]
    assert [e.document for e in errors] == ["b"]
    assert "test.step.v1" in str(errors[0])


def test_without_a_handler_the_error_is_raised() -> None:
    with pytest.raises(ReadingError, match="document b"):
        list(Reader(components=[Step()]).read_many([Document("b", "boom")]))


def test_the_run_names_what_made_the_record() -> None:
    run = Reader(components=[Step()]).read(Document("a", "fine")).run
    assert run.components == ("test.step.v1",)
    assert len(run.code) == 16 and len(run.codebook) == 16
