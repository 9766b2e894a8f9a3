"""The language of a report, where it is sure enough to be told."""

from __future__ import annotations

import functools
import re
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# Shorter texts are names and numbers more than words.
LEAST = 60
_SAMPLE = 1000  # characters looked at: 0.4 ms of the detector at most
# Of 82,106 English reports of one to three sentences one gets another language above this (Luganda), but for Nigerian
# Pidgin, which the detector takes for 200 reports on Nigeria; a Spanish sentence of 100 characters gets 0.78.
_SURE = 0.75
_TAKEN_FOR_ENGLISH = {"pcm"}
_WORD = re.compile(r"[^\W\d_]+")


def language_of(text: str) -> str | None:
    """Return the ISO 639-1 (or 639-3) code of a text's language; None where it is too short or not sure.

    Plain English costs 0.02 ms; the detector (0.7 s to load, once; then 0.1 to 0.4 ms) is asked only for the rest.
    """
    sample = text[:_SAMPLE]
    if len(sample) < LEAST:
        return None
    if _plainly_english(sample):
        return "en"
    code, sure = _detector().classify(sample)
    return str(code) if sure >= _SURE else None


def _plainly_english(sample: str) -> bool:
    words = _WORD.findall(sample.lower())
    found = sum(word in _english() for word in words)
    return found >= 2 and found * 12 >= len(words)


@functools.cache
def _english() -> frozenset[str]:
    file = resources.files("pourparler.intake") / "data" / "english.txt"
    lines = file.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


@functools.cache
def _detector() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    detector = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    detector.set_languages([code for code in detector.labels if code not in _TAKEN_FOR_ENGLISH])
    return detector


def language_note(text: str, language: str | None) -> str | None:
    """Return what to tell of a text that the reader cannot read well: another script, or surely another language."""
    if not text.isascii():
        letters = [c for c in text[:20_000] if c.isalpha()]
        latin = sum(1 for c in letters if c < "ɐ")
        if letters and latin < len(letters) / 2:
            return "most letters are not Latin: the reader knows English only, so expect little"
    if language and language.lower().split("-")[0] != "en":
        return f"its language is {language}: the reader knows English only, so expect little"
    return None
