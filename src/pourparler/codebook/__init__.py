"""The codebook: PLOVER's types, modes, intensities, sectors and the words that evoke them, from data files."""

from pourparler.codebook.book import Codebook, EventTypeEntry, Evoked, Mode, load

__all__ = ["Codebook", "EventTypeEntry", "Evoked", "Mode", "load"]
