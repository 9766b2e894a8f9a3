"""What runs the network: the CPU unless something else is asked for, and nothing else than what is asked for."""

from __future__ import annotations

import onnxruntime
import pytest

import pourparler
from pourparler.errors import ModelFileError
from pourparler.model.reader import CPU, CUDA, Network, check_providers
from pourparler.reading import Reader
from pourparler.record import Document


def test_the_cpu_asked_for_gives_the_same_record() -> None:
    text = "Armenia accused Azerbaijan of shelling Sotk on Monday. Azerbaijan's foreign minister denied it."
    record = Reader(net=Network(providers=(CPU,))).read(Document("d", text, published="2023-05-04"))
    assert record.events and record == pourparler.read(text, id="d", published="2023-05-04")


def test_a_provider_that_is_not_there_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: [CPU])
    with pytest.raises(ModelFileError, match=f"no {CUDA} here .it has: {CPU}.. Install onnxruntime-gpu"):
        Network(providers=(CUDA, CPU))
    with pytest.raises(ModelFileError, match="an onnxruntime that has it"):
        check_providers(("Other",))


@pytest.mark.filterwarnings("ignore:Specified provider")
def test_a_provider_that_fails_is_not_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    """Onnxruntime would go on with the CPU and say so on standard error."""
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["Other", CPU])
    with pytest.raises(ModelFileError, match="Other cannot be used here"):
        Network(providers=("Other", CPU))
