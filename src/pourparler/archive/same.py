"""The shipped scorer: what words and meaning say, lowered by what the reader knows (see alike.py)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pourparler.archive.candidates import Candidate

if TYPE_CHECKING:
    from pourparler.archive.meaning import Floats


class Shipped:
    """Scores pairs of tellings and groups them; one object serves one joining.

    ``method`` names how scores are made and the fitted numbers: judgements by others are left as they are and made
    anew. ``vectors`` makes the vectors of tellings; the shipped encoder on all cores when absent.
    """

    def __init__(self, *, vectors: Callable[[Sequence[Candidate]], Floats] | None = None) -> None:
        from pourparler.archive.meaning import hashes, settings
        from pourparler.archive.meaning import vectors as made_here

        self._made = vectors or made_here
        digest = hashlib.sha256(json.dumps([hashes(), settings()], sort_keys=True).encode())
        self.method = f"same.v2.{digest.hexdigest()[:8]}"
        self._threshold = float(settings()["archive"]["threshold"])
        # Less likely pairs are kept too: averaged into a group they speak against it less than one never compared.
        self.floor = self._threshold / 2
        self._vectors: dict[str, Floats] = {}

    def scores(self, found: Sequence[Candidate], pairs: Sequence[tuple[int, int]]) -> Sequence[float]:
        """Return the chance that each pair is one act."""
        import numpy as np

        from pourparler.archive import alike

        if not pairs:
            return []
        wanted = sorted({number for pair in pairs for number in pair})
        tellings = [found[number] for number in wanted]
        rows = self._vectors_of(found, tellings)
        place = {number: at for at, number in enumerate(wanted)}
        numbers = np.array([(place[a], place[b]) for a, b in pairs], np.int64)
        return list(map(float, alike.probabilities(tellings, rows, numbers)))

    def _vectors_of(self, found: Sequence[Candidate], tellings: Sequence[Candidate]) -> Floats:
        """Return the vectors of tellings; those met before are kept as long as they are among ``found``.

        So the days that a block shares with the next go through the encoder once.
        """
        import numpy as np

        here = {one.key + one.basis for one in found}
        self._vectors = {name: vector for name, vector in self._vectors.items() if name in here}
        new = [one for one in tellings if one.key + one.basis not in self._vectors]
        if new:
            # Copied: a row of an array would keep all of the array.
            made = map(np.copy, self._made(new))
            self._vectors.update(zip((one.key + one.basis for one in new), made, strict=True))
        return np.stack([self._vectors[one.key + one.basis] for one in tellings])

    def groups(self, size: int, pairs: Sequence[tuple[int, int]], scores: Sequence[float]) -> list[list[int]]:
        """Return numbers in groups, one for each event."""
        import numpy as np

        from pourparler.archive.clusters import clusters

        numbers = np.array(pairs, np.int64).reshape(-1, 2)
        return clusters(size, numbers, np.array(scores, np.float64), threshold=self._threshold)
