"""Hostile texts are read as texts: all of them, offsets true, nothing made of what they say or look like."""

from __future__ import annotations

import dataclasses
import datetime
import unicodedata
from collections import Counter

from pourparler.archive.checking import check as problems
from pourparler.archive.store import Archive
from pourparler.intake.text import tidy
from pourparler.record import dumps, loads
from tests.hostile.conftest import Kept
from tests.hostile.corpus import HEADS, STATES, cases, day_of, text_of
from tests.properties.test_reading import check


def test_there_are_five_hundred_cases_of_every_kind() -> None:
    kinds = Counter(case.kind for case in cases())
    assert len({case.text for case in cases()}) == len(cases()) >= 500
    assert min(kinds.values()) >= 10 and len(kinds) == 19, kinds


def test_each_case_is_read_or_named(kept: Kept) -> None:
    missing = [case for case in cases() if case.id not in kept.records]
    # Text that is mostly control characters is taken for a binary file, and said to be so.
    assert len(missing) == len(kept.errors) <= 3, (missing, [str(error) for error in kept.errors])
    assert all("control characters" in error.problem and ", line " in str(error) for error in kept.errors)


def test_offsets_are_true_and_texts_as_they_came(kept: Kept) -> None:
    for case in cases():
        record = kept.records.get(case.id)
        if record is None:
            continue
        assert record.document.text == tidy(text_of(case)), case
        assert len(record.document.text) == len(text_of(case))
        check(record)
        assert loads(dumps(record)) == record
        dumps(record).encode("utf-8")
    with Archive.open(kept.path) as archive:
        assert list(problems(archive)) == []


def test_short_fields_are_single_lines(kept: Kept) -> None:
    for record in kept.records.values():
        document = record.document
        for value in (document.title, document.publisher, document.url):
            assert value is None or (len(value.splitlines()) == 1 and value == value.strip()), document.id
            assert value is None or not any(unicodedata.category(c) in ("Cc", "Cs") for c in value), document.id
        assert document.url is None or document.url.startswith(("http://", "https://")), document.url


def test_days_are_days(kept: Kept) -> None:
    for case, record in [one for kind in ("numbers", "floods") for one in kept.of(kind)]:
        for event in record.events:
            if event.time:
                first, last = (datetime.date.fromisoformat(day[:10]) for day in (event.time.start, event.time.end))
                assert first <= last, (case, event.time)


def test_a_name_that_only_looks_like_a_state_is_not_that_state(kept: Kept) -> None:
    """Letters are compared as they are: "Аrmenia" with a Cyrillic A is a name nobody knows."""
    for case, record in kept.of("lookalikes"):
        real = {"Armenia", "Azerbaijan", "Charles Michel", "Azerbaijan's foreign minister"}
        for actor in record.actors:
            words = {quote.text for quote in actor.mentions}
            deceived = [w for w in words if case.text in w or w in case.text.split()]
            if deceived and not words & real and any(not w.isascii() for w in deceived):
                assert actor.country is None, (case, actor)
            # It is never one actor with the real one either.
            assert not (deceived and words & {*STATES, *HEADS}), (case, actor)


def test_what_a_text_asks_its_reader_to_do_is_not_done(kept: Kept) -> None:
    """A text is told by who published it; its orders change no status and no confidence of what stands beside it."""
    seen = 0
    for case, record in kept.of("prompts"):
        assert record.document.published == day_of(case) and record.document.language == "en", case
        assert all(
            event.confidence < 1.0 and event.evidence[0].text in record.document.text for event in record.events
        )
        planned = [
            e for e in record.events if e.type == "CONSULT" and e.evidence[-1].start > len(record.document.text) - 80
        ]
        assert all(event.status != "happened" for event in planned), case
        seen += bool(planned)
    assert seen


def test_reading_alone_is_as_reading_in_company(kept: Kept) -> None:
    from pourparler.reading import Reader

    reader = Reader()
    for record in list(kept.records.values())[::40]:
        alone = reader.read(record.document)
        assert dataclasses.replace(alone, run=record.run) == record
