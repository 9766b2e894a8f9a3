"""The command line: thin commands over the library."""

from pourparler.cli.main import main

__all__ = ["main"]
