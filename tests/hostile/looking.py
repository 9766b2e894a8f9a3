"""Pages as a parser sees them: every element, attribute, address and word, and what a hostile text put there."""

from __future__ import annotations

import re
from html.parser import HTMLParser

# Elements that no page of ours has; "script" and "style" are looked at by their attributes and content.
_NEVER = frozenset(
    "iframe object embed base img video audio source portal marquee plaintext xmp frameset math".split()
)


class Page(HTMLParser):
    """What a page holds. ``wrong`` lists what can only come from a text; ``words`` is all it shows."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []
        self.scripts: list[str] = []
        self.shown: list[str] = []
        self._inside = ""
        self.feed(html)
        self.close()

    @property
    def words(self) -> str:
        return " ".join("".join(self.shown).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        if tag in _NEVER or "zq" in tag:
            self.wrong.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith("on") or "zq" in name or name in ("srcdoc", "style", "formaction"):
                self.wrong.append(f"<{tag} {name}={value}>")
            if name in ("href", "src", "action", "xlink:href") and not _safe(value or ""):
                self.wrong.append(f"<{tag} {name}={value}>")

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside in ("script", "style"):
            self.scripts.append(data)
        else:
            self.shown.append(data)

    def handle_comment(self, data: str) -> None:
        self.wrong.append(f"<!--{data[:40]}-->")

    def handle_pi(self, data: str) -> None:
        self.wrong.append(f"<?{data[:40]}>")

    def handle_decl(self, decl: str) -> None:
        if decl.lower() != "doctype html":
            self.wrong.append(f"<!{decl[:40]}>")

    def unknown_decl(self, data: str) -> None:
        self.wrong.append(f"<![{data[:40]}]>")


def _safe(address: str) -> bool:
    """True for an address on the web, on the page's own site or in the page; of one elsewhere no "javascript:"."""
    bare = re.sub(r"[\x00-\x20]", "", address).lower()
    scheme = re.match(r"[a-z][a-z0-9+.-]*:", bare)
    return bare.startswith(("https://", "http://")) if scheme else not bare.startswith(("//", "\\"))
