"""Rows made by hand, and names such as no honest report holds."""

from __future__ import annotations

import dataclasses

from pourparler.export.rows import EventRow, PartyRow, TellingRow, ToldRow, VersionRow

HOSTILE = (
    "<script>alert(1)</script>",
    '=HYPERLINK("http://example.org","x")',
    "+1+1",
    "-2",
    "@SUM(A1)",
    " =1+1",
    "\t=1+1",
    "\x00=1+1",
    "\u202e=1+1",
    "nul\x00 and \x1b[31mred\x1b[0m [bold]x[/bold]",
    "\u202egnp.exe\u2066",
    "line\r\nEND:VEVENT\r\nBEGIN:VEVENT",
    "half \ud800 pair",
    "cell | **bold** [link](javascript:x) `code`",
    "]]> &amp; <!--",
    "https://example.org/",
    '"quoted", semi; colon',
    "",
)


def told(name: str = "Armenia", **changed: object) -> ToldRow:
    row = ToldRow(
        "t1", "r1", "d1", name, "2023-05-12", name, "https://example.org/1", "en", "alleged", "day", "stated",
        name or "x", 8, 15, f"Then {name} did it.", 0, 40, (name,),
    )  # fmt: skip
    return dataclasses.replace(row, **changed)  # type: ignore[arg-type]


def event(name: str = "Armenia", **changed: object) -> EventRow:
    row = EventRow(
        "e1", "ACCUSE", "allege", "alleged", "2023-05-12", "2023-05-12", "2023-05-12", "day", "stated",
        (PartyRow(name, "state", "ARM", "GOV"),), (PartyRow("Azerbaijan", "state", "AZE", None),), name, "AZE",
        39.64, 46.55, -3.5, 0.75, (name,), (name, "BBC"),
        (VersionRow("day", name, (name,), (), ("t1",)), VersionRow("day", "2023-05-13", ("BBC",), (), ("t2",))),
        (told(name), told(name, telling="t2", status="happened", says=())), ("t1", "t2"),
    )  # fmt: skip
    return dataclasses.replace(row, **changed)  # type: ignore[arg-type]


def telling(name: str = "Armenia", **changed: object) -> TellingRow:
    row = TellingRow(
        "t1", "e1", "ACCUSE", None, "alleged", "2023-05-12", "2023-05-12", "2023-05-12", "day", "stated",
        (PartyRow(name, "state", "ARM", "GOV"),), (), name, "AZE", 39.64, 46.55, -3.5, 0.75, (name,), "s1", None,
        "r1", "d1", name, "2023-05-12", name, None, "en", name or "x", 8, 15, f"Then {name} did it.", 0, 40,
    )  # fmt: skip
    return dataclasses.replace(row, **changed)  # type: ignore[arg-type]
