"""Thresholds of the reader, in one data file, with where each was measured."""

from __future__ import annotations

import functools
import importlib.resources
import tomllib
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Settings:
    """Probabilities in 0..1; see data/settings.toml for how each was set."""

    trigger: float
    trigger_with_cue: float
    argument: float
    argument_fallback: float
    argument_far: float
    cue: float
    alleged: float
    plain: float
    place: float
    time: float
    planned: float
    start: float
    no_start: float


@functools.cache
def settings() -> Settings:
    return Settings(**_tables()["thresholds"])


@functools.cache
def calibration() -> dict[str, float]:
    """Return the weights of an event's confidence, by the names of its features."""
    weights: dict[str, float] = _tables()["confidence"]
    return weights


def _tables() -> dict[str, dict[str, Any]]:
    path = importlib.resources.files("pourparler.reading") / "data" / "settings.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
