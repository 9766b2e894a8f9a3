"""Answers that are made once and kept: who asks for one that is being made waits for it instead of making another."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

T = TypeVar("T")


class MadeOnce:
    """The last ``most`` answers, each by its key. Keys say what an answer was made from: none ever goes stale."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: OrderedDict[Hashable, Any] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], T], *, keep: Callable[[T], bool] = lambda _: True) -> T:
        """Return the answer of a key, made now where it is not kept.

        Args:
            keep: says of an answer whether it is kept; what ``make`` raises never is.
        """
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return cast(T, self._found[key])
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._found:
                    return cast(T, self._found[key])
            try:
                made = make()
                if keep(made):
                    self._keep(key, made)
            finally:
                # Whoever comes after a failure tries anew.
                with self._lock:
                    self._making.pop(key, None)
            return made

    def _keep(self, key: Hashable, made: Any) -> None:
        with self._lock:
            self._found[key] = made
            while len(self._found) > self._most:
                self._found.popitem(last=False)

    def forget(self, gone: Callable[[Any], bool]) -> None:
        """Drop the answers whose keys ``gone`` says are of no use any more."""
        with self._lock:
            for key in [one for one in self._found if gone(one)]:
                del self._found[key]
