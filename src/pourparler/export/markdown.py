"""A record as Markdown: three lists of events, then who said what."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TextIO

from pourparler.export.view import TITLES, EventView, events, heading, printable, source_line, statements
from pourparler.record import Record

_MARKS = re.compile(r"([\\`*_{}\[\]()#+!|<>~&-])")

# What would begin a numbered list; brackets are escaped above.
_NUMBERED = re.compile(r"^(\d{1,9})(\.)")


def escaped(text: str) -> str:
    """Return text that Markdown shows as it stands: the news never becomes markup."""
    return _NUMBERED.sub(r"\1\\\2", _MARKS.sub(r"\\\1", printable(text)))


def write(records: Iterable[Record], stream: TextIO) -> None:
    """Write each record as a section."""
    for record in records:
        stream.write(f"# {escaped(heading(record))}\n\n{escaped(source_line(record))}\n\n")
        found = events(record)
        for group, title in TITLES.items():
            rows = [view for view in found if view.group == group]
            if rows:
                stream.write(f"## {title}\n\n" + "".join(_line(view) for view in rows) + "\n")
        said = statements(record)
        if said:
            stream.write("## Who said what\n\n")
            for view in said:
                to = f" to {escaped(view.to)}" if view.to else ""
                who = escaped(view.who) or "somebody"
                stream.write(f"- **{who}** {escaped(view.act)}{to}: {escaped(view.words)}\n")
            stream.write("\n")


def _when(view: EventView) -> str:
    return f"{view.when} (day of publication)" if view.basis == "publication" else view.when


def _line(view: EventView) -> str:
    whom = f" → {escaped(view.whom)}" if view.whom else ""
    parts = [f"**{view.event.type}** {escaped(view.who) or 'somebody'}{whom}", escaped(view.status)]
    parts += [escaped(part) for part in (_when(view), view.where) if part]
    if view.says:
        parts.append(f"says {escaped(view.says)}")
    return f"- {', '.join(parts)}: “{escaped(view.words)}”\n"
