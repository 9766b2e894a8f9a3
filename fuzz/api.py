"""``python -m fuzz.api``: questions made of the API's own description, and answers held against it (schemathesis)."""

from __future__ import annotations

import argparse
import json
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from typing import Any

import hypothesis
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from fuzz.desk import HOST, PROCESS, TOKEN, Asked

_CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
_FROM = "/api/v1/openapi.json"
FORM = [(b"cookie", b"pourparler_form=" + TOKEN), (b"x-form-token", TOKEN)]
App = Callable[[Any, Any, Any], Awaitable[None]]


def at_home(app: App) -> App:
    """Return an application that is asked by the desk's own name, and neither begun nor ended by each question.

    What is sent to it has the token of a form, as from a page of its own.
    """

    async def asked(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            for kind in ("startup", "shutdown"):
                await receive()
                await send({"type": f"lifespan.{kind}.complete"})
            return
        own = (b"host", b"accept-encoding", b"cookie", b"x-form-token")
        headers = [(name, value) for name, value in scope["headers"] if name not in own]
        await app({**scope, "headers": [*headers, (b"host", HOST), *FORM]}, receive, send)

    return asked


def asked(app: App, *, examples: int, known: dict[str, list[str]], only: str | None = None) -> dict[str, int]:
    """Ask every operation so often; return how many questions each got, by status; raises where an answer is wrong.

    Args:
        known: values for parts of a path, parameters, and what is sent, that make sense; every other question has one
            of them.
        only: the path of the one operation that is asked; all when left out.
    """
    home = at_home(app)
    schema = schemathesis.openapi.from_asgi(_FROM, home)
    counts: dict[str, int] = {}
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]
        for mode in schemathesis.GenerationMode:
            if only in (None, operation.path):
                _ask(operation, mode, known, counts, examples)
    return counts


def known(desk: Asked) -> dict[str, list[str]]:
    """Return values that exist in the small archive, by the names of parameters."""
    days = ["2022", "2023-05", "2023-W19", "2023-05-14"]
    keys = [one["event"] for one in desk.rows("/api/v1/events")]
    keys += [one["key"] for one in desk.rows("/api/v1/reports")]
    return {
        "name": [PROCESS], "process": [PROCESS], "key": keys, "since": days, "until": days, "today": ["2023-05-20"],
        "text": ["armenia", '"met in"', "corrid*"], "near": ["Lachin", "Brussels"], "verdict": ["any", "none"],
        "outlet": ["Wire"], "run": [""], "published": ["2023-05-16"], "job": [_added(desk)],
    }  # fmt: skip


def _added(desk: Asked) -> str:
    """Add a report; return the key by which that can be followed."""
    body = json.dumps({"text": "Armenia and Azerbaijan met in Brussels again.", "published": "2023-05-16"}).encode()
    headers = [(b"content-type", b"application/json"), *FORM]
    status, _, content = desk.ask(b"/api/v1/reports", method="POST", headers=headers, body=body)
    assert status == 202, content
    key: str = json.loads(content)["added"]
    return key


def _ask(operation: Any, mode: Any, known: dict[str, list[str]], counts: dict[str, int], examples: int) -> None:
    fixed = {name: hypothesis.strategies.sampled_from(values) for name, values in known.items()}
    quiet = settings(
        max_examples=examples, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate],
    )  # fmt: skip

    @quiet
    @given(operation.as_strategy(generation_mode=mode), hypothesis.strategies.data())
    def run(case: Any, data: Any) -> None:
        for part in (case.path_parameters, case.query, *_sent(case.body)):
            for name in sorted(set(part or ()) & set(fixed)):
                # The simplest question of all, which is asked first, has what makes sense.
                if not data.draw(hypothesis.strategies.booleans()):
                    part[name] = data.draw(fixed[name])
        response = case.call_and_validate(checks=_CHECKS)
        at = f"{operation.method.upper()} {operation.path} {response.status_code}"
        counts[at] = counts.get(at, 0) + 1

    try:
        run()
    except hypothesis.errors.Unsatisfiable:
        # Where any text is right, nothing can be asked wrongly.
        if mode is schemathesis.GenerationMode.POSITIVE:
            raise


def _sent(body: Any) -> list[dict[str, Any]]:
    """Return the objects that are sent: one, or several in a list of one."""
    if not isinstance(body, dict):
        return []
    several = body.get("reports")
    return [body, *(one for one in several if isinstance(one, dict))] if isinstance(several, list) else [body]


def main() -> None:
    """Ask the desk of the small archive."""
    parser = argparse.ArgumentParser(prog="python -m fuzz.api", description=__doc__)
    parser.add_argument(
        "--examples", type=int, default=300, help="questions for each operation, right and wrong ones"
    )
    given_ = parser.parse_args()
    with ExitStack() as held:
        desk = Asked(held)
        counts = asked(desk.app, examples=given_.examples, known=known(desk))
    for at, count in sorted(counts.items()):
        print(f"{count:>7,}  {at}")
    print(f"{sum(counts.values()):>7,}  in all; none got a wrong answer")


if __name__ == "__main__":
    main()
