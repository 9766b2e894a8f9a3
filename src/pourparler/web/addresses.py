"""Addresses that others wrote: which may be gone on to, and which may become a link."""

from __future__ import annotations

from urllib.parse import urlsplit


def own_path(to: str, *, otherwise: str = "/") -> str:
    """Return a path of our own pages; an address elsewhere, however it is written, becomes ``otherwise``.

    Browsers take "\\\\" for "/" and pass over tabs and line ends in an address: both are refused.
    """
    try:
        parts = urlsplit(to)
    except ValueError:
        return otherwise
    own = to.startswith("/") and not to.startswith("//") and "\\" not in to and to.isprintable() and " " not in to
    return to if own and not parts.scheme and not parts.netloc else otherwise


def web_address(url: str | None) -> str | None:
    """Return an address that may become a link: http or https, with a host; else None.

    A report's address is whatever its source said: "javascript:" and the like stay text.
    """
    if not url or not url.isprintable():
        return None
    try:
        parts = urlsplit(url)
        return url if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None
