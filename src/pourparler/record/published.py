"""The day (or moment) of publication, as a record writes it."""

from __future__ import annotations

import datetime
import re

_FORM = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ].*)?")


def published_form(value: str) -> str:
    """Return a day of publication as YYYY-MM-DD, or as YYYY-MM-DDTHH:MM:SSZ where a time of day is given.

    A time without a zone is taken as UTC. Raises ValueError saying what is expected.
    """
    text = value.strip()
    wrong = ValueError(f"{value[:40]!r} is no day of publication: write YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ")
    if not _FORM.fullmatch(text):
        raise wrong
    try:
        if len(text) == 10:
            return datetime.date.fromisoformat(text).isoformat()
        moment = datetime.datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=datetime.UTC)
        return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ").zfill(20)
    except (ValueError, OverflowError) as error:
        raise wrong from error
