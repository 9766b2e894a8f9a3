"""Views of a chronicle made once, for as long as that chronicle is kept: pages and charts ask for the same ones."""

from __future__ import annotations

import datetime
import itertools
import threading
import weakref
from collections.abc import Callable
from typing import TypeVar

from pourparler.archive.chronicle import Chronicle
from pourparler.web.made_once import MadeOnce

T = TypeVar("T")
# As many as a desk with a few processes asks for; those of a chronicle that is gone go with the next ones.
_KEPT = 160

_made = MadeOnce(_KEPT)
_numbers: weakref.WeakValueDictionary[int, Chronicle] = weakref.WeakValueDictionary()
_next = itertools.count()
_lock = threading.Lock()


def kept(chronicle: Chronicle, view: Callable[..., T], *, today: datetime.date | None = None, last: bool = True) -> T:
    """Return ``view(chronicle, today=today)``, made once for each chronicle and day.

    Args:
        last: False for a function of the chronicle alone, which takes no ``today``.
    """
    key = (_number(chronicle), f"{view.__module__}.{view.__qualname__}", today)
    return _made.get(key, lambda: view(chronicle, today=today) if last else view(chronicle))


def _number(chronicle: Chronicle) -> int:
    """Return the number of a chronicle, which no other one gets, as its place in memory may be another's later."""
    with _lock:
        for number, one in _numbers.items():
            if one is chronicle:
                return number
        number = next(_next)
        _numbers[number] = chronicle
        return number
