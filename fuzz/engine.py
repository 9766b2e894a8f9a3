"""One harness under coverage, in a process of its own; findings are written down and fuzzing goes on."""

from __future__ import annotations

import hashlib
import sys
import traceback
from contextlib import ExitStack
from pathlib import Path

from fuzz.targets import CORPUS, FINDINGS, One, Target, every, watched

# What is instrumented beside our own code: parsers in Python whose branches decide what comes out.
_WITH = ("pourparler", "feedparser", "email", "warcio", "urllib.robotparser", "csv", "tomllib", "multipart")
# One input that takes longer than this on the wall is a hang; the process ends and is begun anew.
_HANG = 120
_MEMORY = 6144


def recorded(target: Target, one: One) -> One:
    """Return a function that writes down what goes wrong, each place once, and never raises."""
    folder = FINDINGS / target.name

    def run(data: bytes) -> None:
        try:
            one(data)
        except Exception as error:
            name = place(error)
            path = folder / f"{name}.bin"
            # The shortest input of each place is kept.
            if not path.exists() or len(data) < path.stat().st_size:
                folder.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
                path.with_suffix(".txt").write_text("".join(traceback.format_exception(error)), errors="replace")
                print(f"FINDING {target.name} {name}: {type(error).__name__}: {str(error)[:200]!r}", flush=True)

    return run


def place(error: BaseException) -> str:
    """Return a name for where an error comes from: its kind, and the innermost line of ours."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [one for one in frames if "/pourparler/" in one.filename] or list(frames)
    at = own[-1]
    where = f"{type(error).__name__}-{Path(at.filename).stem}-{at.name}"
    return f"{where}-{hashlib.sha256((at.line or '').encode()).hexdigest()[:6]}"


def run(name: str, *, seconds: int) -> None:
    """Fuzz one target; ends the process."""
    import atheris  # type: ignore[import-not-found, import-untyped, unused-ignore]

    target = every()[name]
    corpus = CORPUS / name
    corpus.mkdir(parents=True, exist_ok=True)
    # All that imports our code stands in here, what is imported by the first input too: else it is not instrumented.
    held = ExitStack()  # the process ends from within Fuzz: what lies on the stack is only kept from being dropped
    with atheris.instrument_imports(include=list(_WITH)):
        one = recorded(target, watched(target, target.make(held)))
        for seed in target.seeds():
            (corpus / f"seed-{hashlib.sha256(seed).hexdigest()[:12]}").write_bytes(seed)
            one(seed)
    (FINDINGS / name).mkdir(parents=True, exist_ok=True)
    options = (
        f"-max_total_time={seconds}", f"-max_len={target.longest}", f"-timeout={_HANG}", f"-rss_limit_mb={_MEMORY}",
        f"-artifact_prefix={FINDINGS / name}/", "-print_final_stats=1", "-report_slow_units=100000",
        "-len_control=20",
    )  # fmt: skip
    atheris.Setup([sys.argv[0], *options, str(corpus)], one)
    atheris.Fuzz()
