"""A report from an address: one request, with limits on time, size and redirects."""

from __future__ import annotations

from dataclasses import dataclass

from pourparler.errors import IntakeError
from pourparler.intake.text import MOST_BYTES

_ADVICE = "Check the address and the connection, or save the page and give the file"


@dataclass(frozen=True, slots=True)
class Page:
    """What an address answered: its bytes, their media type, the address it ended at."""

    data: bytes
    kind: str
    url: str


def fetch(url: str, *, seconds: float = 20.0) -> Page:
    """Return what an http(s) address holds; raises IntakeError where it cannot be had."""
    import httpx

    headers = {"User-Agent": "pourparler", "Accept": "text/html,text/plain,application/pdf;q=0.9,*/*;q=0.1"}
    data = bytearray()
    try:
        with (
            httpx.Client(timeout=seconds, follow_redirects=True, max_redirects=5, headers=headers) as client,
            client.stream("GET", url) as answer,
        ):
            if answer.status_code >= 400:
                raise IntakeError(url, f"the server answered {answer.status_code}", _ADVICE)
            for part in answer.iter_bytes():
                data += part
                if len(data) > MOST_BYTES:
                    raise IntakeError(url, f"the page is larger than {MOST_BYTES:,} bytes", _ADVICE)
            kind = answer.headers.get("content-type", "").split(";")[0].strip().lower()
            return Page(bytes(data), kind, str(answer.url))
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
        problem = str(error) or type(error).__name__
        raise IntakeError(url, f"it cannot be reached ({problem})", _ADVICE) from error
