"""Files, folders, addresses and streams to documents; what cannot be read is named and left out."""

from pourparler.intake.sources import Intake, Source, find_sources

__all__ = ["Intake", "Source", "find_sources"]
