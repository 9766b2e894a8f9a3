"""``pourparler knowledge``: answers, what is not known, and learning a table from reports."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from pourparler.cli.main import commands


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(commands, ["knowledge", *arguments])
    return result.exit_code, result.output


def test_an_office_is_answered_with_who_how_often_and_when() -> None:
    code, text = run("show", "foreign minister of Armenia", "--on", "2023-05-04")
    assert code == 0 and "Mirzoyan, foreign minister of Armenia: seen" in text


def test_without_a_day_all_holders_are_listed_in_time() -> None:
    code, text = run("show", "president of the United States")
    names = [line.split(",")[0] for line in text.splitlines()]
    assert code == 0 and names.index("Barack Obama") < names.index("Joe Biden")


def test_a_person_is_answered_with_offices() -> None:
    code, text = run("show", "Kofi Annan")
    assert code == 0 and "secretary-general of United Nations" in text


@pytest.mark.parametrize("what", ["foreign minister of Narnia", "Nobody Atall", "president of France in 1800"])
def test_what_is_not_known_is_said_with_the_next_step(what: str) -> None:
    code, text = run("show", what, "--on", "1800-01-01")
    assert code == 1 and "try another wording" in text


def test_a_day_that_is_none_is_refused() -> None:
    code, text = run("show", "president of France", "--on", "yesterday")
    assert code == 2 and "YYYY-MM-DD" in text


def test_a_table_is_learned_from_reports(tmp_path: Path) -> None:
    for day in ("2023-01-10", "2023-02-10"):
        text = "Armenian Foreign Minister Vahan Sarkis met his counterpart in Geneva."
        (tmp_path / f"{day}.jsonl").write_text(f'{{"id": "{day}", "text": "{text}", "published": "{day}"}}\n')
    out = tmp_path / "offices.csv"
    code, _ = run("learn", str(tmp_path), "--out", str(out), "--quiet")
    assert code == 0
    assert out.read_text().splitlines()[1] == "foreign minister,ARM,Vahan Sarkis,2023-01-10,2023-02-10,2"
