"""The shipped scorer: what words and meaning say, lowered by what the reader knows (see alike.py)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pourparler.archive.candidates import Candidate

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Shipped:
    """Scores pairs of tellings and groups them; one object serves one joining.

    ``method`` names the fitted numbers: judgements by others are left as they are and made anew. ``vectors`` makes
    the vectors of tellings, here when absent.
    """

    def __init__(self, *, vectors: Callable[[Sequence[Candidate]], NDArray[np.float32]] | None = None) -> None:
        from pourparler.archive.meaning import hashes, settings
        from pourparler.archive.meaning import vectors as made_here

        self._made = vectors or made_here
        digest = hashlib.sha256(json.dumps([hashes(), settings()], sort_keys=True).encode())
        self.method = f"same.v1.{digest.hexdigest()[:8]}"
        self._threshold = float(settings()["archive"]["threshold"])
        # Less likely pairs are kept too: averaged into a group they speak against it less than one never compared.
        self.floor = self._threshold / 2
        self._of: dict[str, int] = {}
        self._vectors: NDArray[np.float32] | None = None

    def scores(self, found: Sequence[Candidate], pairs: Sequence[tuple[int, int]]) -> Sequence[float]:
        """Return the chance that each pair is one act."""
        import numpy as np

        from pourparler.archive import alike

        if not pairs:
            return []
        wanted = sorted({number for pair in pairs for number in pair})
        self._learn([found[number] for number in wanted])
        assert self._vectors is not None
        place = {number: at for at, number in enumerate(wanted)}
        tellings = [found[number] for number in wanted]
        rows = self._vectors[[self._of[one.key + one.basis] for one in tellings]]
        numbers = np.array([(place[a], place[b]) for a, b in pairs], np.int64)
        return list(map(float, alike.probabilities(tellings, rows, numbers)))

    def _learn(self, tellings: Sequence[Candidate]) -> None:
        """Make the vectors of tellings that were not met before."""
        import numpy as np

        new = [one for one in tellings if one.key + one.basis not in self._of]
        if not new:
            return
        made = self._made(new)
        before = 0 if self._vectors is None else len(self._vectors)
        self._vectors = made if self._vectors is None else np.concatenate([self._vectors, made])
        self._of.update({one.key + one.basis: before + at for at, one in enumerate(new)})

    def groups(self, size: int, pairs: Sequence[tuple[int, int]], scores: Sequence[float]) -> list[list[int]]:
        """Return numbers in groups, one for each event."""
        import numpy as np

        from pourparler.archive.clusters import clusters

        numbers = np.array(pairs, np.int64).reshape(-1, 2)
        return clusters(size, numbers, np.array(scores, np.float64), threshold=self._threshold)
