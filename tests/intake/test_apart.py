"""Parsing in a process of its own, where whoever started this one has set limits too."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import resource, sys
resource.setrlimit(resource.{limit}, ({most}, {most}))
from pourparler.intake.formats import parse_html
page = b"<html><body>" + b"<p>Armenia met Azerbaijan in Brussels.</p>" * 8000
assert "Brussels" in parse_html(page, "a.html", print).text
"""


@pytest.mark.parametrize(("limit", "most"), [("RLIMIT_AS", 1 << 30), ("RLIMIT_CPU", 50)])
def test_limits_from_outside_hold_and_break_nothing(limit: str, most: int, tmp_path: Path) -> None:
    """They are less than the parser's own (2 GB, 60 s), which cannot be set then."""
    command = [sys.executable, "-c", PROGRAM.format(limit=limit, most=most)]
    done = subprocess.run(command, capture_output=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr.decode()
