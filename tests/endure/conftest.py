"""Archives to endure on: the same two databases as tests of the archive have.

Of the tests here the everyday suite runs those of half a minute. The others start dozens of commands: ``make endure``
runs them.
"""

import os

from tests.archive.conftest import postgres, where

__all__ = ["postgres", "where"]

_LONG = ["test_endure_clock.py", "test_endure_disk.py", "test_endure_memory.py", "test_endure_together.py"]
collect_ignore = [] if os.environ.get("POURPARLER_ENDURE") else _LONG
