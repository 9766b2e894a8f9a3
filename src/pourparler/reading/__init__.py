"""From a report to its record: one component a file."""

from pourparler.reading.pipeline import Component, Reader, check

__all__ = ["Component", "Reader", "check"]
