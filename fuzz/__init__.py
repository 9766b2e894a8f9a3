"""Fuzzing: what the world sends, changed byte by byte under coverage, must end in a result or a PourparlerError."""
