"""Views of a chronicle made once, for as long as that chronicle is kept: pages and charts ask for the same ones."""

from __future__ import annotations

import datetime
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from pourparler.archive.chronicle import Chronicle

T = TypeVar("T")
# As many as a desk with a few processes asks for; a chronicle that is gone is forgotten with the next ones.
_KEPT = 64


@dataclass(frozen=True, slots=True)
class _Made:
    """A view with the chronicle that it is of."""

    of: weakref.ref[Chronicle]
    rows: Any


_made: OrderedDict[tuple[int, str, datetime.date | None], _Made] = OrderedDict()
_lock = threading.Lock()


def kept(chronicle: Chronicle, view: Callable[..., T], *, today: datetime.date | None = None, last: bool = True) -> T:
    """Return ``view(chronicle, today=today)``, made once for each chronicle and day.

    Args:
        last: False for a function of the chronicle alone, which takes no ``today``.
    """
    at = (id(chronicle), f"{view.__module__}.{view.__qualname__}", today)
    with _lock:
        found = _made.get(at)
        if found is not None and found.of() is chronicle:
            _made.move_to_end(at)
            return cast(T, found.rows)
    rows = view(chronicle, today=today) if last else view(chronicle)
    with _lock:
        _made[at] = _Made(weakref.ref(chronicle), rows)
        while len(_made) > _KEPT:
            _made.popitem(last=False)
    return rows
