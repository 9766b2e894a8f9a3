"""Hostile texts by kind: those of ``cases.toml`` and those made of parts, each put everywhere in a report."""

from __future__ import annotations

import datetime
import functools
import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# Letters of other alphabets that look like Latin ones.
LOOKALIKE = str.maketrans("ABCEHIKMOPTXaceiopsxy", "АВСЕНІКМОРТХасеіорѕху")
GREEK = str.maketrans("ABEHIKMNOPTXZ", "ΑΒΕΗΙΚΜΝΟΡΤΧΖ")
STATES = (
    "Armenia",
    "Azerbaijan",
    "Russia",
    "Turkey",
    "Iran",
    "Georgia",
    "France",
    "China",
    "Egypt",
    "Israel",
    "Ukraine",
    "Kosovo",
)
HEADS = ("Nikol Pashinyan", "Ilham Aliyev", "Vladimir Putin", "Emmanuel Macron", "Ararat Mirzoyan", "Jeyhun Bayramov")
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u061c\u180e\u2061\u2063\ufe0f\U000e0001\U000e0041"
_BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"
_FORMULAS = (
    "{}1+1",
    '{}HYPERLINK("https://zq.example";"zq")',
    "{}cmd|' /C zq'!A0",
    "{}SUM(A1:A9)*zq",
    '{}WEBSERVICE("//zq.example")',
    "{}A1",
    "{}{}zq",
    "{} zq",
)
_BEGINNINGS = (
    *("=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "＝", "＋", "－", "＠"),
    *("'=", '"=', "\u200b=", "\ufeff=", "\u00a0="),
)


@dataclass(frozen=True, slots=True)
class Case:
    """One hostile text. ``id`` names it in a report of the archive that is made of all."""

    id: str
    kind: str
    text: str


@functools.cache
def cases() -> tuple[Case, ...]:
    """Return all cases, each text once."""
    table: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("cases.toml").read_text(encoding="utf-8"))
    every = [(kind, text) for kind, texts in table.items() for text in texts]
    every += [(kind, text) for kind, made in _MADE.items() for text in made()]
    texts = {text: kind for kind, text in reversed(every)}
    ordered = sorted(texts.items(), key=lambda one: every.index((one[1], one[0])))
    return tuple(Case(f"{kind}-{n}", kind, text) for n, (text, kind) in enumerate(ordered))


def _formulas() -> Iterator[str]:
    for n, begin in enumerate(_BEGINNINGS):
        for form in _FORMULAS[n % 2 :: 2]:
            yield form.format(begin, begin)


def _controls() -> Iterator[str]:
    for code in (*range(0x20), *range(0x7F, 0xA0)):
        yield f"zq{chr(code)}zq{code:x}"
    yield from ("\x00" * 8 + "zq", "zq\x00", "\x00zq")


def _unicode() -> Iterator[str]:
    yield from (f"zq{mark}zq {mark}Armenia" for mark in _INVISIBLE)
    for code in (0xD800, 0xDBFF, 0xDC00, 0xDFFF):
        yield f"zq{chr(code)}zq"
    yield from (
        "\udc00\ud800",
        "\ud800" * 9,
        "\ufffe zq",
        "\uffff zq",
        "\ufdd0 zq",
        "\U0001fffe zq",
        "\U0010ffff zq",
        "\ue000 zq",
        "\ufffd zq",
    )
    yield from (
        "\ufeffzq",
        "\ufffezq",
        "ï»¿zq",
        "\u2028",
        "\u2029zq",
        "\u0085",
        "\u00a0\u3000\u1680",
        "\u115f\u3164\uffa0",
    )


def _bidi() -> Iterator[str]:
    for mark in _BIDI:
        yield f"zq {mark}moc.elpmaxe{mark} zq"
    yield from (
        "\u202eainemrA deticilos\u202c",
        "\u2067Armenia\u2066 zq\u2069\u2069",
        "\u202e" * 200,
        "\u2066" * 200 + "zq",
    )
    yield from ("zq \u202e txt.exe", "user\u202e }\u2066if (zq)\u2069 \u2066", "\u061c1234 zq", "שלום zq عربي 123 zq")


def _lookalikes() -> Iterator[str]:
    for name in (*STATES, *HEADS):
        for table in (LOOKALIKE, GREEK):
            made = name.translate(table)
            if made != name:
                yield made
        # One letter alone is enough to deceive the eye.
        for n, letter in enumerate(name):
            if letter.translate(LOOKALIKE) != letter:
                yield name[:n] + letter.translate(LOOKALIKE) + name[n + 1 :]
                break


def _numbers() -> Iterator[str]:
    for power in (12, 30, 308, 400, 4000):
        yield f"1{'0' * power} soldiers"
    yield from (
        "10^400 killed",
        "1e400",
        "-1e400",
        "9" * 5000,
        "0" * 3000,
        "1" + ",000" * 200,
        "0.000000000000000000001",
        "1/0",
        "٣٤٥ zq",
        "१२३",
    )
    yield from (
        "May 4, 99999",
        "0000-00-00",
        "February 30, 2023",
        "31 June 2023",
        "year 0",
        "10000-01-01",
        "-0001-01-01",
        "1 January 0000",
    )
    yield from (
        "2023-13-45",
        "25:61",
        "4 May 9999999999999999",
        "the 99999th century",
        "12/31/9999",
        "9999-12-31",
        "0001-01-01",
        "1969-12-31T23:59:60Z",
    )
    yield from (
        "next 99999999999 years",
        "in 10000000000000000000000 days",
        "last week's year's month's decade",
        "May May May May",
        "the 1st 2nd 3rd 4th of 5th",
    )
    yield from (f"{n} years ago" for n in (2023, 9999, 123456, 10**15, 10**30))


def _floods() -> Iterator[str]:
    yield "Z" + "\u0301\u0327\u0352\u035c" * 60 + "algo"
    yield "".join(c + "\u0335\u0336\u0337\u0338" * 12 for c in "Armenia")
    yield from ("\u0301" * 50, "\u0489" * 60 + "zq", "\u0e49" * 75, "\u20dd" * 60 + "zq")
    yield from (
        "a" * 250,
        "Az" * 125,
        "zq-" * 75,
        "zq." * 75,
        "(" * 75,
        "“" * 75,
        '"' * 75,
        "'" * 75,
        "." * 250,
        "!?" * 75,
        "—" * 75,
    )
    yield from (
        "Armenia " * 75,
        "Armenia and " * 60 + "Iran",
        "Mr. " * 75,
        "of the " * 75,
        "said " * 75,
        "who met who " * 60,
        "; ".join(HEADS * 20),
    )
    yield from (
        "not " * 60 + "attacked",
        "accused " * 60,
        "\n".join("zq" * 40),
        "zq\n" * 60,
        "🤝" * 50,
        "\U0001f1e6" * 75,
        "zq\u200d" * 60,
        "ﷺ" * 60,
    )
    yield from (
        "[" * 50 + "]" * 50,
        "{" * 50,
        "<" * 50,
        "&" * 50,
        "|" * 50,
        "\\" * 50,
        "`" * 50,
        "*" * 50,
        "_" * 50,
        "#" * 50,
        "%" * 50,
        ">" * 50,
    )


_MADE = {
    "formulas": _formulas,
    "controls": _controls,
    "unicode": _unicode,
    "bidi": _bidi,
    "lookalikes": _lookalikes,
    "numbers": _numbers,
    "floods": _floods,
}


def text_of(case: Case) -> str:
    """Return the report of a case: its words as somebody who acts, as what is said, as a place, and as they stand."""
    words = case.text
    return (
        f"YEREVAN, May 4 - Armenia accused {words} of shelling Sotk on Monday. {words} met Charles Michel in "
        f"Brussels. “{words}”, said Azerbaijan's foreign minister, who denied it. Armenia and Azerbaijan will meet "
        f"in {words} soon."
    )


def day_of(case: Case) -> str:
    """Return the day of a case's report: each has its own, days apart, so that they do not tell of one event."""
    return (datetime.date(2010, 1, 1) + datetime.timedelta(days=8 * int(case.id.rsplit("-", 1)[1]))).isoformat()


def line_of(case: Case) -> str:
    """Return the row of a case as JSON, with its words in every field; halves of pairs and NUL stand as escapes."""
    row = {
        "id": f"{case.id} {case.text[:200]}",
        "text": text_of(case),
        "published": day_of(case),
        "title": f"{case.text} and talks" if len(case.id) % 2 else case.text,
        "publisher": case.text,
        "url": case.text if case.kind == "urls" else f"https://zq.example/{case.text}",
        "author": case.text,
    }
    return json.dumps(row, ensure_ascii=True)
