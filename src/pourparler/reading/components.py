"""The shipped order of components: an explicit table, not an import side effect."""

from __future__ import annotations

from pourparler.model.reader import Network
from pourparler.reading.actors import Actors
from pourparler.reading.answers import Answers
from pourparler.reading.attributions import Attributions
from pourparler.reading.confidence import Confidence
from pourparler.reading.dating import Dating
from pourparler.reading.events import Events
from pourparler.reading.merging import Merging
from pourparler.reading.names import Names
from pourparler.reading.pipeline import Component
from pourparler.reading.placing import Placing
from pourparler.reading.statements import Statements
from pourparler.reading.text import Bounds, Encode, Sentences, Times, Words
from pourparler.reading.toponyms import Toponyms
from pourparler.reading.triggers import Triggers


def default(net: Network | None) -> tuple[Component, ...]:
    """Return the shipped pipeline on a network; raises ValueError without one."""
    if net is None:
        raise ValueError("the shipped pipeline needs a network: pass net=, or components= of your own")
    return (
        Words(),
        Sentences(),
        Encode(net),
        Bounds(),
        Times(),
        Names(),
        Toponyms(),
        Triggers(),
        Attributions(),
        Actors(),
        Events(),
        Statements(),
        Dating(),
        Placing(),
        Confidence(),
        Merging(),
        Answers(),
    )
