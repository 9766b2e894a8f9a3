"""The API answers as it is described, whatever it is asked: questions made of its own description."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from fuzz.desk import Asked

from fuzz import api


@pytest.fixture(scope="module")
def desk() -> Iterator[Asked]:
    """A desk on the small archive."""
    with ExitStack() as held:
        yield Asked(held)


def test_every_operation_answers_as_described(desk: Asked) -> None:
    counts = api.asked(desk.app, examples=3, known=api.known(desk))
    described = {f"{method.upper()} {path}" for path, item in desk.described()["paths"].items() for method in item}
    asked = {at.rsplit(" ", 1)[0] for at in counts}
    assert asked == described
    right = {at.rsplit(" ", 1)[0] for at in counts if at.endswith((" 200", " 202"))}
    # Some keys and days are drawn too seldom in so few questions.
    assert len(right) > 0.8 * len(described) and "POST /api/v1/reports" in right
    jobs = desk.app.state.desk.jobs.recent()
    assert len(jobs) > 2 and not [one.step.words for one in jobs if one.step.state == "failed"]


def test_a_wrong_answer_is_found(desk: Asked) -> None:
    path = "/api/v1/processes"

    async def broken(scope: object, receive: object, send: object) -> None:
        async def changed(message: dict[str, object]) -> None:
            if message["type"] == "http.response.body" and scope["path"] == path:  # type: ignore[index]
                message = {**message, "body": message["body"].replace(b'"rows"', b'"rowz"')}  # type: ignore[attr-defined]
            await send(message)  # type: ignore[operator]

        await desk.app(scope, receive, changed)  # type: ignore[arg-type]

    with pytest.raises(BaseException, match="rows"):
        api.asked(broken, examples=20, known=api.known(desk), only=path)
