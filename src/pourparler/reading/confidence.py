"""How sure the reader is of an event: the chance that a careful coder has the same act with the same sides.

The network's own probability says how likely words name an act; what is asked of a row is whether all of it is right.
A logistic function of that probability and of those of the sides is fitted on reports held out of training
(``python -m trainer.calibrate``); its weights stand in data/settings.toml.
"""

from __future__ import annotations

import dataclasses
import math

from pourparler.reading.draft import Draft, Trigger
from pourparler.reading.settings import calibration
from pourparler.record import Event


class Confidence:
    name = "reading.confidence.v1"
    needs = frozenset({"words", "triggers", "events", "event_words"})
    gives = frozenset({"events"})

    def __call__(self, draft: Draft) -> None:
        triggers = {trigger.words: trigger for trigger in draft.triggers}
        weights = calibration()
        rated = []
        for event in draft.events:
            found = features(draft, event, triggers[draft.event_words[event.id]])
            sure = weights["bias"] + sum(weights[name] * value for name, value in found.items())
            rated.append(dataclasses.replace(event, confidence=round(1 / (1 + math.exp(-sure)), 3)))
        draft.events = tuple(rated)


def features(draft: Draft, event: Event, trigger: Trigger) -> dict[str, float]:
    """Return what the confidence of an event is reckoned from, by the names that the weights have."""
    sides = {
        "source": (event.sources, trigger.role("source")),
        "target": (event.targets, trigger.role("target")),
    }
    out = {"act": _logit(trigger.score), "length": math.log(len(draft.words) / 40)}
    for name, (actors, arguments) in sides.items():
        out[f"no_{name}"] = float(not actors)
        out[name] = max((a.score for a in arguments), default=0.0) if actors else 0.0
        out[f"more_{name}s"] = float(len(actors) > 1)
    return out


def _logit(chance: float) -> float:
    kept = min(max(chance, 0.01), 0.995)
    return math.log(kept / (1 - kept))
