"""Ray, started on this machine for one batch or joined where it runs; it tells nobody, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import secrets
import signal
import sys
import tempfile
from collections.abc import Iterator
from types import ModuleType

from pourparler.archive.folders import short
from pourparler.batch import scratch
from pourparler.errors import BatchError, PourparlerError

# What waits between taking in and reading lies in shared memory; units are a megabyte at most times.
_STORE = 256 * 1024 * 1024
# Paths of sockets have 107 bytes at most (macOS: 103); our folder in this one and what Ray puts there are 76 of them.
_LONGEST = 27
_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_TQDM": "0",
    # A history of tasks that nobody looks at; without it Ray's memory does not grow with their number.
    "RAY_task_events_report_interval_ms": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    "RAY_BACKEND_LOG_LEVEL": "fatal",
}
_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of <linux/prctl.h>
_INSTALL = "Install it with: pip install 'pourparler[batch]'"


def check_installed(*, alone: bool = True) -> None:
    """Raise BatchError where Ray Data is not there; ``alone`` where Ray will be started here and not joined.

    Loads it, which reads its settings once and for all.
    """
    os.environ.update(_QUIET)
    if alone and "ray" not in sys.modules and "RAY_AUTH_MODE" not in os.environ:
        # Ray's ports listen to the network, and who speaks to them may run code: nobody without this word.
        os.environ.update({"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)})
    try:
        import ray.data  # noqa: F401
    except ImportError as error:
        raise BatchError("batch", f"Ray Data is not installed ({error})", _INSTALL) from error
    # It tells of each step on the terminal; what goes wrong comes to us as an error.
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)
    logging.getLogger("ray").setLevel(logging.CRITICAL)


@contextlib.contextmanager
def running(address: str | None, *, cores: int | None = None) -> Iterator[ModuleType]:
    """Yield Ray: of the cluster at an address, else started here with so many cores and stopped at the end.

    One that runs in this process already is used and left. Raises BatchError saying what to do.
    """
    check_installed(alone=address is None)
    import ray

    if ray.is_initialized():
        yield ray
    elif address:
        _join(ray, address)
        try:
            yield ray
        finally:
            ray.shutdown()
    else:
        with _own(ray, cores):
            yield ray


def _join(ray: ModuleType, address: str) -> None:
    try:
        ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
    except (OSError, ValueError, RuntimeError) as error:
        problem = f"no cluster answers there ({short(error)})"
        raise BatchError(f"--address {address}", problem, "Start one with: ray start --head") from error


@contextlib.contextmanager
def _own(ray: ModuleType, cores: int | None) -> Iterator[None]:
    with scratch.folder(_short_folder()) as home:
        try:
            with _hushed():
                ray.init(
                    address="local",
                    num_cpus=cores,
                    object_store_memory=_STORE,
                    include_dashboard=False,
                    log_to_driver=False,
                    logging_level=logging.ERROR,
                    _temp_dir=str(home),
                    _node_ip_address="127.0.0.1",
                )
        except (OSError, RuntimeError, ValueError) as error:
            ray.shutdown()
            problem = f"Ray cannot be started here ({short(error)})"
            raise BatchError("batch", problem, "Look for room in the temporary folder and in /dev/shm") from error
        try:
            yield
        finally:
            ray.shutdown()


@contextlib.contextmanager
def _hushed() -> Iterator[None]:
    """Say nothing on stderr: Ray's own code tells there how it logs. What goes wrong comes as an exception."""
    sys.stderr.flush()
    kept = os.dup(2)
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nothing)


def _short_folder() -> str:
    folder = tempfile.gettempdir()
    return folder if len(os.fsencode(folder)) <= _LONGEST else "/tmp"  # noqa: S108


def die_with_parent() -> None:
    """Let the kernel end this process, one of Ray's, when the one that started it ends, where the system can do so.

    Ray asks its processes to end; one was seen to hang on its way out for half an hour with 390 MB (Ray 2.60).
    """
    if not sys.platform.startswith("linux"):
        return
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)


def explained(error: BaseException, out: str) -> PourparlerError:
    """Return what to tell of an error in one of the processes: the one of ours behind it, where there is one."""
    seen: BaseException | None = error
    while seen is not None:
        cause = getattr(seen, "cause", None)
        for one in (seen, cause):
            if isinstance(one, PourparlerError):
                return one
        seen = cause if isinstance(cause, BaseException) else seen.__cause__
    lines = [line.strip() for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
    # Of a process that could not begin there is only the text of its error.
    ours = next((line for line in reversed(lines) if line.startswith("pourparler.errors.")), None)
    why = ours.partition(": ")[2] if ours else f"{type(error).__name__}: {lines[-1]}"
    return BatchError(out, f"the batch broke off ({why[:500]})", "What is finished is kept: the same command goes on")
