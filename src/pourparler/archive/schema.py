"""The tables of an archive, for SQLite and PostgreSQL alike.

Kept for good (rows are added, never changed): report, arrival, run, own_list, record, unread, judgement, verdict. The
one exception is forgetting (``forgetting.py``), which leaves a row in forgotten.
Derived from those, and made anew where they change: telling, side, saying, speaker, copy, told, event.
"""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# What no UTF-8 column of both databases holds: NUL and lone surrogates; and the sign that escapes them.
_ESCAPE = "\uf8ff"
_UNKEEPABLE = re.compile(f"[\x00\ud800-\udfff{_ESCAPE}]")
_ESCAPED = re.compile(f"{_ESCAPE}([0-9a-f]{{4}})")


class AnyText(TypeDecorator[str]):
    """Text with every code point that a Python string can hold; sorts by code point on both databases."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:
        return dialect.type_descriptor(Text(collation="C") if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        if value is None or not _UNKEEPABLE.search(value):
            return value
        return _UNKEEPABLE.sub(lambda found: f"{_ESCAPE}{ord(found[0]):04x}", value)

    def process_result_value(self, value: str | None, dialect: Any) -> str | None:
        if value is None or _ESCAPE not in value:
            return value
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)


# Keys, codes and days of our own making: plain ASCII, sorted by code point.
Word = String().with_variant(String(collation="C"), "postgresql")


def _people(name: str, of: str) -> Table:
    """Return a table of who takes part in the rows of another one, which column ``of`` names."""
    return Table(
        name,
        metadata,
        Column(of, Word, primary_key=True),
        Column("role", Word, primary_key=True),
        Column("n", Integer, primary_key=True),
        Column("name", AnyText, nullable=False),
        Column("folded", AnyText, nullable=False),
        Column("kind", Word, nullable=False),
        Column("country", Word),
        Column("sector", Word),
    )


report = Table(
    "report",
    metadata,
    Column("n", Integer, primary_key=True),
    Column("key", Word, nullable=False, unique=True),
    Column("id", AnyText, nullable=False),
    Column("title", AnyText),
    Column("published", Word),
    Column("day", Word, index=True),
    Column("publisher", AnyText),
    Column("url", AnyText),
    Column("language", AnyText, nullable=False),
    Column("text", AnyText, nullable=False),
)
Index("ix_report_id", report.c.id)

# Where a report came from: one row for each file, row or address that brought it.
arrival = Table(
    "arrival",
    metadata,
    Column("report", Word, ForeignKey("report.key"), primary_key=True),
    Column("source", AnyText, primary_key=True),
    Column("place", AnyText, primary_key=True),
    Column("at", Word, nullable=False),
)

run = Table(
    "run",
    metadata,
    Column("n", Integer, primary_key=True),
    Column("key", Word, nullable=False, unique=True),
    Column("body", AnyText, nullable=False),
    Column("at", Word, nullable=False),
)

# A list of the user's own actors by which a run reads, byte for byte: runs name it by its hash.
own_list = Table(
    "own_list",
    metadata,
    Column("hash", Word, primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("at", Word, nullable=False),
)

# What a run read in a report: the record as JSON, deflated, without the text (which stands in report).
record = Table(
    "record",
    metadata,
    Column("report", Word, ForeignKey("report.key"), primary_key=True),
    Column("run", Word, ForeignKey("run.key"), primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

unread = Table(
    "unread",
    metadata,
    Column("report", Word, ForeignKey("report.key"), primary_key=True),
    Column("run", Word, ForeignKey("run.key"), primary_key=True),
    Column("reason", AnyText, nullable=False),
)

# What a method found out about two tellings ("same") or two reports ("copy"); persons' judgements are verdicts.
# ``basis`` tells what it was judged by: a telling read anew or corrected is judged anew, beside the old judgement.
judgement = Table(
    "judgement",
    metadata,
    Column("kind", Word, primary_key=True),
    Column("a", Word, primary_key=True),
    Column("b", Word, primary_key=True),
    Column("method", Word, primary_key=True),
    Column("basis", Word, primary_key=True),
    Column("score", Float, nullable=False),
)
Index("ix_judgement_b", judgement.c.kind, judgement.c.b)

# What a person decided. ``anchor`` says about which words, as JSON (anchors.Anchor); ``other`` is a list of such, for
# joins and splits. ``before`` and ``value`` are JSON; ``run`` and ``telling`` are those of the anchor.
verdict = Table(
    "verdict",
    metadata,
    Column("n", Integer, primary_key=True),
    Column("key", Word, nullable=False, unique=True),
    Column("kind", Word, nullable=False),
    Column("report", Word, ForeignKey("report.key"), nullable=False, index=True),
    Column("run", Word, nullable=False),
    Column("telling", Word, nullable=False, index=True),
    Column("anchor", AnyText, nullable=False),
    Column("other", AnyText),
    Column("field", Word),
    Column("before", AnyText),
    Column("value", AnyText),
    Column("by", AnyText, nullable=False),
    Column("why", AnyText),
    Column("at", Word, nullable=False),
    Column("undoes", Word),
)

# One event as one report tells it, as the newest run read it and verdicts corrected it.
telling = Table(
    "telling",
    metadata,
    Column("n", Integer, primary_key=True),
    Column("key", Word, nullable=False, unique=True),
    Column("report", Word, ForeignKey("report.key"), nullable=False, index=True),
    Column("run", Word, nullable=False),
    Column("local", Word, nullable=False),
    Column("published", Word),
    Column("publisher", AnyText),
    Column("type", Word, nullable=False, index=True),
    Column("mode", Word),
    Column("status", Word, nullable=False),
    Column("first", Word),
    Column("last", Word),
    Column("precision", Word),
    Column("basis", Word),
    Column("day", Word, index=True),
    Column("place", AnyText),
    Column("spot", AnyText, index=True),  # the place's name, folded
    Column("country", Word),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("geonames", Integer),
    Column("score", Float, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("words", AnyText, nullable=False),
    Column("passage_start", Integer, nullable=False),
    Column("passage_end", Integer, nullable=False),
    Column("saying", Word),
    Column("sides", AnyText, nullable=False),
    Column("verdict", Word),  # accepted, corrected, kept (from an older run) or noted; what was rejected has no row
)

Index("ix_telling_publisher", telling.c.publisher)

side = _people("side", "telling")
Index("ix_side_country", side.c.country, side.c.role, side.c.telling)

# One statement of a report; ``about`` and ``answers`` are JSON lists of keys of tellings and sayings.
saying = Table(
    "saying",
    metadata,
    Column("key", Word, primary_key=True),
    Column("report", Word, ForeignKey("report.key"), nullable=False, index=True),
    Column("run", Word, nullable=False),
    Column("local", Word, nullable=False),
    Column("published", Word),
    Column("publisher", AnyText),
    Column("act", Word, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("cue", AnyText, nullable=False),
    Column("content", AnyText, nullable=False),
    Column("content_start", Integer),
    Column("content_end", Integer),
    Column("quoted", Boolean, nullable=False),
    Column("speakers", AnyText, nullable=False),
    Column("addressees", AnyText, nullable=False),
    Column("about", Word, nullable=False),
    Column("answers", Word, nullable=False),
    Column("confidence", Float, nullable=False),
)

speaker = _people("speaker", "saying")
Index("ix_speaker_country", speaker.c.country, speaker.c.saying)

# A report that repeats another: it counts as no news of its own.
copy = Table(
    "copy",
    metadata,
    Column("report", Word, primary_key=True),
    Column("of", Word, nullable=False, index=True),
    Column("method", Word, nullable=False),
    Column("score", Float, nullable=False),
)

told = Table(
    "told",
    metadata,
    Column("telling", Word, primary_key=True),
    Column("event", Word, nullable=False, index=True),
)

# An event, joined from its tellings. ``body`` is JSON: sides, versions where tellings differ, outlets.
event = Table(
    "event",
    metadata,
    Column("key", Word, primary_key=True),
    Column("type", Word, nullable=False),
    Column("mode", Word),
    Column("status", Word, nullable=False),
    Column("first", Word),
    Column("last", Word),
    Column("day", Word, index=True),
    Column("place", AnyText),
    Column("country", Word),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("score", Float, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("tellings", Integer, nullable=False),
    Column("outlets", Integer, nullable=False),
    Column("body", AnyText, nullable=False),
)

# By what reports are compared for copies, kept so that new ones do not cost the old ones' work again.
signature = Table(
    "signature",
    metadata,
    Column("report", Word, primary_key=True),
    Column("method", Word, primary_key=True),
    Column("digest", Word, nullable=False, index=True),
    Column("body", LargeBinary, nullable=False),
)

# Where polling of a feed stands (not part of the record).
feed = Table(
    "feed",
    metadata,
    Column("url", AnyText, primary_key=True),
    Column("state", AnyText, nullable=False),
)

# How often the archive was written to: what was made from it holds until this changes.
serial = Table("serial", metadata, Column("n", Integer, primary_key=True, autoincrement=False))

# That something was forgotten: when, by whom, why, and how much; never what. ``kind`` is report, person or allow
# (what was barred may come in again). ``salt`` keys the marks below; ``erased`` says when the bytes were gone.
forgotten = Table(
    "forgotten",
    metadata,
    Column("n", Integer, primary_key=True),
    Column("kind", Word, nullable=False),
    Column("by", AnyText, nullable=False),
    Column("why", AnyText, nullable=False),
    Column("at", Word, nullable=False),
    Column("removed", Integer, nullable=False),
    Column("masked", Integer, nullable=False),
    Column("salt", Word, nullable=False),
    Column("erased", Word),
)

# Texts that do not come in again, as keyed hashes: nobody reads from one what the text was.
barred = Table(
    "barred",
    metadata,
    Column("mark", Word, primary_key=True),
    Column("forgotten", Integer, ForeignKey("forgotten.n"), nullable=False, index=True),
)

# What joining has still to look at: reports whose tellings changed since the last joining.
pending = Table("pending", metadata, Column("report", Word, primary_key=True))

DERIVED = (side, told, event, telling, speaker, saying, copy)
