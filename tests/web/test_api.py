"""The API: every route is described, every answer is as described, pages lead through all rows."""

from __future__ import annotations

import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from pourparler.archive import query as asking
from pourparler.archive.conditions import Query
from pourparler.archive.views import claims, timeline
from pourparler.web import api
from pourparler.web.endpoints import views
from tests.web.conftest import archive_of

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
    of_process = {one.path: one.path.replace("{name}", PROCESS).replace("{kind}", "lanes") for one in api.endpoints()}
    return {**of_process, **given}


def test_every_route_is_described_and_nothing_else(described: dict[str, Any]) -> None:
    served = {route.path for route in api.routes()} - {"/api/v1/openapi.json"}
    assert set(described["paths"]) == served
    assert {f"/api/v1/process/{{name}}/{one.name}" for one in views()} <= served
    ids = [path["get"]["operationId"] for path in described["paths"].values()]
    assert len(ids) == len(set(ids))


def test_description_is_sound(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.1")
    for path, item in described["paths"].items():
        named = [one["name"] for one in item["get"]["parameters"] if one["in"] == "path"]
        assert named == re.findall(r"{(\w+)}", path)
        assert all(one["description"] for one in item["get"]["parameters"])
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
