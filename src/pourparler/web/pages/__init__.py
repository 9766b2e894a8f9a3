"""The pages, one module each: a frozen context, its making, its handler, and ``routes()``."""

from pourparler.web.pages import process, signing

ALL = (signing, process)
