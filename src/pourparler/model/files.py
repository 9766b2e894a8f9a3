"""Files of fitted weights: the card that names them with their hashes, and the check that they are those."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from pourparler.errors import ModelFileError


def read_card(path: Path) -> dict[str, Any]:
    """Return the card of weights; raises ModelFileError where it cannot be read."""
    try:
        card: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelFileError(f"{path} cannot be read ({error}). Install pourparler again.") from error
    return card


def check_file(path: Path, digest: str, *, made_by: str) -> None:
    """Raise ModelFileError where a file is not the one of the hash; ``made_by`` says what makes it anew."""
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise ModelFileError(f"{path} cannot be read ({error.strerror}). Install pourparler again.") from error
    if found != digest:
        raise ModelFileError(
            f"{path} is not the file that was shipped (sha256 {found[:12]}, expected {digest[:12]}). "
            f"Install pourparler again, or {made_by}."
        )
