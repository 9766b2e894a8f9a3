"""A progress bar on stderr: how many, how fast, how long still; nothing where stderr is no terminal."""

from __future__ import annotations

import sys
import time

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar


class Progress:
    """Shown on a terminal; elsewhere one line every half minute, so that a log tells that work goes on.

    Args:
        total: how many documents are expected; corrected when there turn out to be more.
        shown: False keeps it silent.
    """

    def __init__(self, total: int, *, shown: bool) -> None:
        self._total = total
        self._done = 0
        self._began = self._told = time.monotonic()
        self._shown = shown
        self._bar: Bar | None = None
        if shown and sys.stderr.isatty():
            self._bar = Bar(
                TextColumn("reading"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[rate]}"),
                TimeRemainingColumn(),
                console=Console(file=sys.stderr),
                transient=True,
            )
            self._task = self._bar.add_task("reading", total=total, rate="")

    def __enter__(self) -> Progress:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.stop()
            self._bar = None

    def advance(self) -> None:
        """Count one document more."""
        self._done += 1
        now = time.monotonic()
        rate = f"{self._done / max(now - self._began, 1e-3):.1f} reports/s"
        if self._bar:
            self._total = max(self._total, self._done)
            self._bar.update(self._task, completed=self._done, total=self._total, rate=rate)
        elif self._shown and now - self._told > 30:
            self._told = now
            left = (now - self._began) / self._done * max(self._total - self._done, 0)
            print(f"{self._done}/{self._total} reports, {rate}, {left:.0f} s left", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Make room for a line on stderr."""
        if self._bar:
            self._bar.refresh()

    def finish(self) -> None:
        """Tell the count and the rate at the end."""
        if self._shown:
            seconds = max(time.monotonic() - self._began, 1e-3)
            self.__exit__()
            words = f"{self._done} reports in {seconds:.1f} s ({self._done / seconds:.1f}/s)"
            print(words, file=sys.stderr, flush=True)
