"""What a batch writes: the records that reading gives, however it is ordered, broken off and gone on with."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet
import pytest

from pourparler.archive import shards
from pourparler.archive.folders import Folder
from pourparler.archive.keys import report_key
from pourparler.batch.claims import Claims
from pourparler.batch.overview import overview
from pourparler.batch.plan import Plan
from pourparler.batch.units import Unit
from pourparler.batch.working import Worker
from pourparler.errors import BatchError, ReadingError
from pourparler.intake import Intake, find_sources
from pourparler.reading import Reader
from pourparler.record import Document, Record, dumps
from tests.batch.by_hand import cut, run


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, names: tuple[str, ...], reader: Reader, key: str) -> Plan:
    """A batch read in order, undisturbed."""
    folder = tmp_path_factory.mktemp("whole")
    plan = Plan(str(folder / "out"), key, unit=10)
    run(names, plan, reader, folder / "claims.db")
    return plan


def rows(out: str, kind: str) -> list[dict[str, object]]:
    folder = shards.opened(out)
    return [row for unit in shards.finished(folder) for row in shards.rows(folder, unit, kind)]


def test_records_are_those_of_reading_alone(whole: Plan, names: tuple[str, ...], reader: Reader) -> None:
    documents: dict[str, Document] = {}
    for document in Intake(on_error=lambda error: None).documents(find_sources(names, on_error=print)):
        documents.setdefault(report_key(document), document)
    expected = {dumps(record) for record in reader.read_many(documents.values())}
    found = rows(whole.out, "records")
    assert {row["record"] for row in found} == expected
    assert len(found) == len(expected) == 98
    assert sum(int(str(row["events"])) for row in found) > 60
    again = rows(whole.out, "again")
    assert len(again) == 12
    assert [row["kind"] for row in rows(whole.out, "rejected")] == ["intake"] * 3


def test_files_lie_by_month_and_any_tool_reads_them(whole: Plan) -> None:
    table = pyarrow.parquet.read_table(f"{whole.out}/records")
    assert table.num_rows == 98
    assert set(table.column("month").to_pylist()) >= {"2019-01", "unknown"}
    assert all((row["day"] or shards.UNKNOWN)[:7] == row["month"] for row in table.to_pylist())


def test_order_and_breaks_change_nothing(
    whole: Plan, tmp_path: Path, names: tuple[str, ...], reader: Reader, key: str
) -> None:
    plan = Plan(str(tmp_path / "out"), key, unit=10)
    run(names, plan, reader, tmp_path / "1.db", backwards=True, most=4)
    run(names, plan, reader, tmp_path / "2.db", most=5)
    run(names, plan, reader, tmp_path / "3.db", backwards=True)
    one, two = overview(whole.out, check=True), overview(plan.out, check=True)
    assert (one.records_hash, one.rest_hash) == (two.records_hash, two.rest_hash)
    assert (one.documents, one.records, one.again, one.events) == (two.documents, two.records, two.again, two.events)
    # The other way round, the later of two same reports is read, and the output says where one stood before it.
    assert {row["rank"] for row in rows(whole.out, "again")} == {-1}
    assert any(int(str(row["rank"])) >= 0 for row in rows(plan.out, "again"))


def test_two_tries_write_the_same_bytes(whole: Plan, tmp_path: Path, names: tuple[str, ...], reader: Reader) -> None:
    plan = Plan(str(tmp_path / "out"), whole.run, unit=10)
    run(names, plan, reader, tmp_path / "1.db")
    one, two = Folder.at(whole.out), Folder.at(plan.out)
    assert one.names("") == two.names("")
    for path in one.names(""):
        assert one.read(path) == two.read(path), path


def test_finished_units_are_not_read_again(
    whole: Plan, tmp_path: Path, names: tuple[str, ...], reader: Reader
) -> None:
    class Unused(Reader):
        def __init__(self) -> None:
            self.run = reader.run

    done = run(names, whole, Unused(), tmp_path / "1.db")
    assert sum(unit.records for unit in done) == 98


def test_a_file_without_its_unit_counts_for_nothing(
    whole: Plan, tmp_path: Path, names: tuple[str, ...], reader: Reader
) -> None:
    plan = Plan(str(tmp_path / "out"), whole.run, unit=10)
    run(names, plan, reader, tmp_path / "1.db", most=3)
    folder = Folder.at(plan.out)
    # A try that was broken off behind its files: other months than the one that is finished has.
    last = folder.names(shards.FINISHED)[-1]
    unit = shards.from_json(folder.read(last), last)
    folder.write(f"records/month=1999-01/{unit.unit}.parquet", b"half a file")
    folder.write(f"records/month=1999-01/{'0' * 24}.parquet", b"of a unit under way")
    assert overview(plan.out, check=True).records == 30
    run(names, plan, reader, tmp_path / "2.db")
    left = [path for path in folder.names("records") if "1999" in path]
    assert left == [f"records/month=1999-01/{'0' * 24}.parquet"]
    assert overview(plan.out, check=True).records_hash == overview(whole.out).records_hash


def test_a_report_left_to_a_unit_that_never_ended_is_read(
    tmp_path: Path, names: tuple[str, ...], reader: Reader, key: str
) -> None:
    plan = Plan(str(tmp_path / "out"), key, unit=10)
    shards.begin(plan.out)
    office = Claims(tmp_path / "1.db", names)
    units = cut(names, plan)
    # The first unit asks and is broken off; a later one with the same reports leaves them to it, and ends.
    office.claim(units[0].name, units[0].source, [(one.key, one.number) for one in units[0].documents])
    later = next(unit for unit in units if any(one.document.id.startswith("again-n0") for one in unit.documents))
    assert Worker(plan, office, reader=reader).read(later).again > 0
    # In a batch of other sources it stands as it is: nothing that was read is lost.
    before = overview(plan.out)
    run(names[2:], plan, reader, tmp_path / "others.db")
    assert overview(plan.out, check=True).records - before.records == 34
    assert shards.path_of(later.name) in Folder.at(plan.out).names(shards.FINISHED)
    # In the next batch the first source is gone.
    run(names[1:], plan, reader, tmp_path / "2.db")
    assert "again-n0" in {row["id"] for row in rows(plan.out, "records")}


class Faulty(Reader):
    """Fails on some reports, as a fault of the reader would."""

    def __init__(self, reader: Reader) -> None:
        self.__dict__.update(reader.__dict__)
        self._threads = 1

    def read(self, document: Document) -> Record:
        if "7 villages" in document.text:
            raise ReadingError(document.id, "test.v1", "a fault")
        return super().read(document)


def test_reports_that_cannot_be_read_are_set_aside(
    tmp_path: Path, names: tuple[str, ...], reader: Reader, key: str
) -> None:
    plan = Plan(str(tmp_path / "out"), key, unit=10)
    run(names[:1], plan, Faulty(reader), tmp_path / "1.db")
    [row] = rows(plan.out, "rejected")
    assert row["kind"] == "reading" and "test.v1" in str(row["reason"]) and row["place"] == "line 6"
    assert overview(plan.out).records == 31


class Fatal(Exception):
    """Ends a try, as the loss of its process would."""


class Killed(Faulty):
    def read(self, document: Document) -> Record:
        if "7 villages" in document.text:
            raise Fatal
        return Reader.read(self, document)


@pytest.fixture
def one(tmp_path: Path, names: tuple[str, ...], key: str) -> tuple[Plan, Claims, Unit]:
    """A batch of one unit, begun."""
    plan = Plan(str(tmp_path / "out"), key, unit=40)
    shards.begin(plan.out)
    [unit] = cut(names[:1], plan)
    return plan, Claims(tmp_path / "claims.db", names), unit


def test_a_report_that_kills_its_process_is_found_and_set_aside(
    one: tuple[Plan, Claims, Unit], reader: Reader
) -> None:
    plan, office, unit = one
    for _ in range(4):
        with pytest.raises(Fatal):
            Worker(plan, office, reader=Killed(reader)).read(unit)
    done = Worker(plan, office, reader=Killed(reader)).read(unit)
    assert (done.records, done.unread) == (31, 1)
    assert [row["kind"] for row in rows(plan.out, "rejected")] == ["crash"]


def test_a_try_lost_by_chance_sets_nothing_aside(one: tuple[Plan, Claims, Unit], reader: Reader) -> None:
    plan, office, unit = one
    with pytest.raises(Fatal):
        Worker(plan, office, reader=Killed(reader)).read(unit)
    assert Worker(plan, office, reader=reader).read(unit).records == 32


def test_damage_is_named(whole: Plan, tmp_path: Path) -> None:
    plan = replace(whole, out=shutil.copytree(whole.out, str(tmp_path / "out")))
    folder = Folder.at(plan.out)
    path = folder.names("records")[3]
    good = folder.read(path)
    folder.write(path, good[:-40])
    with pytest.raises(BatchError, match="cannot be read"):
        overview(plan.out, check=True)
    folder.write(path, folder.read(folder.names("records")[4]))
    with pytest.raises(BatchError, match="do not hold what was written"):
        overview(plan.out, check=True)
    path = folder.names(shards.FINISHED)[0]
    folder.write(path, folder.read(path).replace(b'"again"', b'"agaim"'))
    with pytest.raises(BatchError, match="no list of a finished unit"):
        overview(plan.out)


def test_other_folders_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(BatchError, match="not empty"):
        shards.begin(str(tmp_path))
    with pytest.raises(BatchError, match="no batch was written here"):
        overview(str(tmp_path))
    with pytest.raises(BatchError, match="no file system"):
        shards.begin("https://example.org/out")
