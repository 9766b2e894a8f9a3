"""The API: every route is described, every answer is as described, pages lead through all rows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from starlette.routing import Route
from starlette.testclient import TestClient

from pourparler.archive import query as asking
from pourparler.archive import told, verdicts
from pourparler.archive.conditions import Query
from pourparler.archive.doubts import doubts
from pourparler.archive.views import claims, timeline
from pourparler.web import api
from pourparler.web.app import routes
from pourparler.web.endpoints import views
from tests.web.conftest import archive_of, copied
from tests.web.desk_help import form_token, signed_in, with_accounts

PROCESS = "armenia-azerbaijan"


@pytest.fixture(scope="module")
def described(desk: TestClient) -> dict[str, Any]:
    """The description of the API."""
    found: dict[str, Any] = desk.get("/api/v1/openapi.json").json()
    return found


def addresses(desk: TestClient) -> dict[str, str]:
    """An address to ask for each path of the description."""
    event = asking.find(archive_of(desk), Query(differing="any", limit=1))[0]
    [found] = list(asking.found(archive_of(desk), Query(limit=1)))
    given = {
        "/api/v1/events": "/api/v1/events?limit=30",
        "/api/v1/events/{key}": f"/api/v1/events/{event.key}",
        "/api/v1/tellings": "/api/v1/tellings?limit=30",
        "/api/v1/reports/{key}": f"/api/v1/reports/{found.cited[0].report.key}",
    }
    of_process = {
        one.path: one.path.replace("{name}", PROCESS).replace("{kind}", "lanes")
        for one in api.endpoints()
        # Nothing is added to this desk: test_add_page.py holds the answers to that against the description.
        if one.takes is None and "{job}" not in one.path
    }
    return {**of_process, **given}


def test_every_route_is_described_and_nothing_else(described: dict[str, Any]) -> None:
    served = {
        (route.path, method)
        for route in routes()
        if isinstance(route, Route) and route.path.startswith("/api/")
        for method in (route.methods or set()) - {"HEAD"}
    }
    operations = {(path, method.upper()) for path, item in described["paths"].items() for method in item}
    assert operations == served - {("/api/v1/openapi.json", "GET")}
    assert ("/api/v1/reports", "POST") in operations
    assert {(f"/api/v1/process/{{name}}/{one.name}", "GET") for one in views()} <= operations
    ids = [one["operationId"] for item in described["paths"].values() for one in item.values()]
    assert len(ids) == len(set(ids))


def test_description_is_sound(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.1")
    for path, item in described["paths"].items():
        for operation in item.values():
            named = [one["name"] for one in operation["parameters"] if one["in"] == "path"]
            assert named == re.findall(r"{(\w+)}", path)
            assert all(one["description"] for one in operation["parameters"])
            assert all(one["description"] for one in operation["responses"].values())
    for schema in described["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    references = set(re.findall(r"'\$ref': '#/components/schemas/(\w+)'", str(described)))
    assert references <= set(described["components"]["schemas"])


def test_answers_are_as_described(desk: TestClient, described: dict[str, Any]) -> None:
    seen = 0
    for path, address in addresses(desk).items():
        answer = desk.get(address)
        assert answer.status_code == 200, address
        schema = described["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        validator = Draft202012Validator({**schema, "components": described["components"]})
        errors = [
            f"{path}: {error.json_path}: {error.message[:200]}" for error in validator.iter_errors(answer.json())
        ]
        assert not errors
        seen += bool(answer.json().get("rows", True))
    assert seen > len(described["paths"]) - 4, "most answers have rows to be checked"


def test_parameters_are_those_of_the_question(described: dict[str, Any]) -> None:
    names = {one["name"] for one in described["paths"]["/api/v1/events"]["get"]["parameters"]}
    assert names == set(Query.__slots__)


def test_pages_lead_through_all_rows(desk: TestClient) -> None:
    keys: list[str] = []
    address: str | None = "/api/v1/events?type=CONSULT&sort=-day&limit=7"
    total = None
    while address:
        page = desk.get(address).json()
        keys += [one["event"] for one in page["rows"]]
        address, total = page["next"], page["total"]
    found = asking.find(archive_of(desk), Query(type=("CONSULT",), sort="-day"))
    assert keys == [one.key for one in found] and total == len(found)


def test_views_are_those_of_the_library(desk: TestClient) -> None:
    chronicle = desk.app.state.desk.chronicle(desk.app.state.desk.process(PROCESS))  # type: ignore[attr-defined]
    shown = desk.get(f"/api/v1/process/{PROCESS}/timeline?limit=1000").json()
    assert [one["event"] for one in shown["rows"]] == [one.event for one in timeline.view(chronicle)]
    some = desk.get(f"/api/v1/process/{PROCESS}/claims?since=2022&until=2022&limit=1000").json()
    assert 0 < some["total"] < len(claims.view(chronicle))


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/api/v1/events?typ=CONSULT", 400, "Give some of"),
        ("/api/v1/events?type=NOTHING", 400, "There are: AGREE"),
        ("/api/v1/events?limit=0", 400, "limit goes from 1"),
        ("/api/v1/events?limit=1001", 400, "limit goes from 1"),
        ("/api/v1/events?offset=-1", 400, "limit goes from 1"),
        ("/api/v1/events?limit=x", 400, "Give one such as"),
        ("/api/v1/tellings?offset=99999999999999999999", 400, "bounds"),
        ("/api/v1/facets?since=soon", 400, "Write 2022"),
        ("/api/v1/events/e0", 404, "Look for it"),
        ("/api/v1/reports/r0", 404, "Look for it"),
        ("/api/v1/process/nowhere/timeline", 404, "Put its file"),
        (f"/api/v1/process/{PROCESS}/timeline?today=soon", 400, "Write it as"),
        (f"/api/v1/process/{PROCESS}/chart/pie", 404, "Charts are"),
        ("/api/v1/nothing", 404, ""),
    ],
)
def test_errors_say_what_to_do(desk: TestClient, address: str, status: int, words: str) -> None:
    answer = desk.get(address)
    assert answer.status_code == status and answer.headers["content-type"].startswith("application/json")
    assert words in answer.json()["error"]


def test_reports_come_with_their_records(desk: TestClient) -> None:
    archive = archive_of(desk)
    page = desk.get("/api/v1/reports?text=corridor&limit=3").json()
    assert page["total"] > 3 and len(page["rows"]) == 3
    for row in page["rows"]:
        whole = desk.get(f"/api/v1/reports/{row['key']}").json()
        assert whole["record"]["document"]["text"] == archive.document(row["key"]).text
        assert len(whole["record"]["events"]) >= row["tellings"] and whole["arrivals"]


def test_verdicts_come_with_how_they_stand(own_desk: TestClient) -> None:
    archive = archive_of(own_desk)
    one, other = (event.tellings[0] for event in asking.find(archive, Query(type=("CONSULT",), limit=2)))
    verdicts.give(archive, "accept", one, by="ani")
    verdicts.give(archive, "correct", other, field="place", value="Tbilisi", by="leyla", why="as it says")
    verdicts.undo(archive, verdicts.history(archive, one)[0].key, by="ani")
    every = own_desk.get("/api/v1/verdicts").json()
    assert [(row["kind"], row["by"], row["state"]) for row in every["rows"]] == [
        ("undo", "ani", "holds"), ("correct", "leyla", "holds"), ("accept", "ani", "undone"),
    ]  # fmt: skip
    [corrected] = own_desk.get("/api/v1/verdicts?by=leyla").json()["rows"]
    assert (corrected["field"], corrected["value"], corrected["why"], corrected["telling"]) == (
        "place", "Tbilisi", "as it says", other,
    )  # fmt: skip
    assert own_desk.get("/api/v1/verdicts?kind=accept").json()["total"] == 1
    assert own_desk.get("/api/v1/verdicts?state=undone").json()["total"] == 1
    assert own_desk.get("/api/v1/verdicts?limit=2").json()["next"] == "/api/v1/verdicts?limit=2&offset=2"
    for odd in ("kind=praise", "state=well", "who=ani"):
        answer = own_desk.get(f"/api/v1/verdicts?{odd}")
        assert answer.status_code == 400 and ("There are" in answer.json()["error"] or "Give some" in answer.text)


def test_doubts_are_what_the_review_shows(own_desk: TestClient) -> None:
    archive = archive_of(own_desk)
    process = own_desk.app.state.desk.process(PROCESS)  # type: ignore[attr-defined]
    found = doubts(archive, process=process)
    shown = own_desk.get(f"/api/v1/doubts?process={PROCESS}&limit=1000").json()
    assert [(row["telling"], row["score"]) for row in shown["rows"]] == [(one.telling, one.score) for one in found]
    verdicts.give(archive, "accept", found[0].telling, by="ani")
    after = own_desk.get(f"/api/v1/doubts?process={PROCESS}&limit=1").json()
    assert after["total"] == len(found) - 1 and after["rows"][0]["telling"] == found[1].telling
    assert f"{len(found) - 1:,} in doubt" in own_desk.get(f"/review?process={PROCESS}").text


def test_statements_are_all_that_was_said(desk: TestClient) -> None:
    with archive_of(desk).reading() as connection:
        every = told.sayings(connection)
    page = desk.get("/api/v1/statements?limit=5").json()
    assert page["total"] == len(every)
    one = every[0]
    rows = desk.get(f"/api/v1/statements?report={one.report}").json()["rows"]
    assert [row["key"] for row in rows] == [
        saying.key for saying in sorted(every, key=lambda s: (s.start, s.key)) if saying.report == one.report
    ]


def test_verdicts_and_doubts_are_for_reviewers(filled: Path, tmp_path: Path) -> None:
    client, accounts = with_accounts(copied(filled, tmp_path))
    with client:
        signed_in(client, "reader")
        described = client.get("/api/v1/openapi.json").json()["paths"]
        headers = {"X-Form-Token": form_token(client, "/events")}
        for path, item in described.items():
            address = path.replace("{name}", PROCESS).replace("{kind}", "lanes").replace("{job}", "x")
            for method, operation in item.items():
                sent = {"text": "x"} if method == "post" else None
                answer = client.request(method, address, headers=headers, json=sent)
                assert (answer.status_code == 403) == ("403" in operation["responses"]), (method, path)
        signed_in(client, "reviewer")
        assert client.get("/api/v1/verdicts").json()["total"] == 0
    accounts.close()
