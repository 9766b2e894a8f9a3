"""Learns offices and their holders from records: whom dated reports give which title, and when."""

from __future__ import annotations

import csv
import datetime
import gzip
import io
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from pourparler.errors import ExportError
from pourparler.knowledge import Office, Tenure, folded, office_in
from pourparler.record import Record

_APART = datetime.timedelta(500)  # days without a report that end a term, if somebody else is named in between
_SURE = 2  # reports that agree; one alone counts where it gives a whole name, and says so ("seen once")
Sighting = tuple[datetime.date, str]


def learn(records: Iterable[Record]) -> list[Tenure]:
    """Return who held which office when, as the records of dated reports tell it; ordered by office and time."""
    seen: dict[Office, set[tuple[datetime.date, str, str]]] = defaultdict(set)
    for record in records:
        published = record.document.published
        if published is None:
            continue
        day = datetime.date.fromisoformat(published[:10])
        for actor in record.actors:
            office = office_in(actor.role, country=actor.country) if actor.kind == "person" and actor.role else None
            if office is not None and actor.name[:1].isupper():
                seen[office].add((day, actor.name, record.document.id))
    out: list[Tenure] = []
    for office, found in seen.items():
        out += _tenures(office, sorted((day, name) for day, name, _ in found))
    return sorted(out, key=lambda t: (t.office.title, t.office.of, t.first, t.holder))


def _tenures(office: Office, sightings: list[Sighting]) -> list[Tenure]:
    people = _people([name for _, name in sightings])
    by: dict[str, list[datetime.date]] = defaultdict(list)
    names: dict[str, Counter[str]] = defaultdict(Counter)
    for day, name in sightings:
        by[people[name]].append(day)
        names[people[name]][name] += 1
    out = []
    for key, days in by.items():
        others = [day for day, name in sightings if people[name] != key]
        for term in _terms(days, others):
            called = _called(names[key])
            if len(term) >= _SURE or len(called.split()) > 1:
                out.append(Tenure(office, called, term[0], term[-1], len(term)))
    return out


def _people(names: list[str]) -> dict[str, str]:
    """Return of each name the key of the person it stands for: full names by their last word, a single word by the
    full name that has it."""
    counts = Counter(names)
    keys = {name: folded(name).split()[-1] for name in counts if len(name.split()) > 1}
    for name in counts:
        if name not in keys:
            word = folded(name)
            owners = Counter({full: counts[full] for full in keys if word in folded(full).split()})
            keys[name] = keys[owners.most_common(1)[0][0]] if owners else word
    return keys


def _called(names: Counter[str]) -> str:
    """Return the commonest full name, else the commonest name."""
    full = {name: count for name, count in names.items() if len(name.split()) > 1}
    return max((full or names).items(), key=lambda row: (row[1], row[0]))[0]


def _terms(days: list[datetime.date], others: list[datetime.date]) -> list[list[datetime.date]]:
    out: list[list[datetime.date]] = []
    for day in days:
        last = out[-1][-1] if out else None
        if last is None or (day - last > _APART and any(last < other < day for other in others)):
            out.append([day])
        else:
            out[-1].append(day)
    return out


def write(tenures: Iterable[Tenure], path: Path) -> None:
    """Write tenures as CSV, packed with gzip where the name ends in .gz; the same tenures give the same bytes."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(("office", "of", "holder", "first", "last", "seen"))
    for t in tenures:
        table.writerow((t.office.title, t.office.of, t.holder, t.first.isoformat(), t.last.isoformat(), t.seen))
    data = text.getvalue().encode("utf-8")
    try:
        path.write_bytes(gzip.compress(data, 9, mtime=0) if path.suffix == ".gz" else data)
    except OSError as error:
        raise ExportError(f"{path} cannot be written ({error.strerror}); choose another place with --out") from error
