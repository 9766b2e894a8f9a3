"""The claims page: every number lists what it counts, denials stand beneath what they deny, nothing is lost."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from pourparler.archive.process import Member, Process
from pourparler.archive.views import claims
from pourparler.archive.views.claims import Claim
from pourparler.web.claim_matrix import matrix
from tests.web.looking import NAME, chronicle_of, counted, heading_number, links

SIDES = Process("p", "P", (Member("Armenia", ("ARM",)), Member("Azerbaijan", ("AZE",))))


def claim(accuser: str, accused: str) -> Claim:
    empty: tuple[str, ...] = ()
    return Claim(
        f"c:{accuser}:{accused}", "accusation", accuser, accused, "ASSAULT", "fired", "", None, None, empty,
        None, None, 1, empty, "one side's word only", empty, empty, empty, empty, empty, empty, empty, empty,
    )  # fmt: skip


def test_the_matrix_counts_every_claim_once(desk: TestClient) -> None:
    chronicle = chronicle_of(desk)
    rows = claims.view(chronicle)
    made = matrix(rows, chronicle.process)
    assert sum(cell.count for row in made.cells for cell in row) == len(rows)
    assert [line.label for line in made.accusers[:2]] == ["Armenia", "Azerbaijan"]
    assert sum(line.count for line in made.accusers) == sum(line.count for line in made.accused) == len(rows)


def test_names_beyond_what_can_be_read_share_a_line_and_nobody_has_their_own() -> None:
    people = [claim(f"Person {n}", "Armenia") for n in range(30)]
    rows = [*people, claim("Armenia", "Azerbaijan"), claim("", "Armenia")]
    made = matrix(rows, SIDES)
    assert [line.value for line in made.accusers][:1] == ["Armenia"]
    assert made.accusers[-1].label == "24 others" and made.accusers[-1].count == 24
    assert made.accusers[-2].label == "nobody named" and made.accusers[-2].count == 1
    assert sum(cell.count for row in made.cells for cell in row) == 32


def test_every_number_of_the_matrix_lists_so_many_claims(desk: TestClient) -> None:
    html = desk.get(f"/claims?process={NAME}").text
    numbers = counted(html, "/claims?")
    assert len(numbers) > 10
    for href, number in [*numbers[:6], *numbers[-4:]]:
        assert heading_number(desk.get(href).text, "ledger") == number, href


def test_a_denial_stands_beneath_what_it_denies(desk: TestClient) -> None:
    chronicle = chronicle_of(desk)
    denied = next(row for row in claims.view(chronicle) if row.standing == "denied" and row.evidence)
    html = desk.get("/claims", params={"process": NAME, "key": denied.key}).text
    assert html.count('class="card claim-card') == 1
    assert f"Denied by {denied.denied_by[0]}" in html
    denial = next(chronicle.sayings[key] for key in denied.evidence if key in chronicle.sayings)
    assert f"/report/{denial.report}" in html


def test_a_claim_leads_to_its_report_and_its_event(desk: TestClient) -> None:
    row = next(row for row in claims.view(chronicle_of(desk)) if row.about)
    html = desk.get("/claims", params={"process": NAME, "key": row.key}).text
    assert any(href.startswith(f"/event/{row.about[0]}?") for href in links(html))
    assert desk.get(next(href for href in links(html, "/report/"))).status_code == 200


@pytest.mark.parametrize("words", ["Nobody at all", "<script>alert(1)</script>", "-", "*"])
def test_whoever_is_asked_for_is_shown_as_text(desk: TestClient, words: str) -> None:
    answer = desk.get("/claims", params={"process": NAME, "accuser": words})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_standings_add_up(desk: TestClient) -> None:
    rows = claims.view(chronicle_of(desk))
    shares = [
        heading_number(desk.get("/claims", params={"process": NAME, "standing": name}).text, "ledger")
        for name in sorted({row.standing for row in rows})
    ]
    assert sum(shares) == len(rows)
