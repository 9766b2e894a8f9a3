"""Files, folders, addresses and streams to documents; what cannot be read is named and left out."""

from pourparler.intake.reports import Intake
from pourparler.intake.sources import Source, find_sources
from pourparler.intake.spots import Spot

__all__ = ["Intake", "Source", "Spot", "find_sources"]
