"""Exported weights back to a net that training can go on from: python -m trainer.thaw MODEL_FOLDER net.pt

Of a run only its last int8 file is kept, so this is where a later run starts. The weights are those that the package
reads with (dequantised).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from trainer.graph import TURNED
from trainer.net import LAYERS, Net


def values(path: Path) -> dict[str, np.ndarray]:
    """Return the initialisers of an ONNX file by name, quantised ones as floats under their own name."""
    found = {x.name: numpy_helper.to_array(x) for x in onnx.load(str(path)).graph.initializer}
    for name in [n.removesuffix("_quantized") for n in found if n.endswith("_quantized")]:
        whole = found.pop(name + "_quantized").astype(np.float32)
        zero, scale = found.pop(name + "_zero_point").astype(np.float32), found.pop(name + "_scale")
        found[name] = (whole - zero) * scale
    return found


def thaw(path: Path, *, layers: int = LAYERS) -> Net:
    """Return a net with the weights of an exported file; raises SystemExit where it lacks some."""
    net = Net(layers=layers)
    state, given = net.state_dict(), {}
    for name, array in values(path).items():
        bare = name.rpartition("/")[2]
        turned, bare = bare.endswith(TURNED), bare.removesuffix(TURNED)
        if bare in state:
            given[bare] = (array.T if turned else array).reshape(state[bare].shape)
    missing = sorted(set(state) - set(given))
    if missing:
        raise SystemExit(f"{path} lacks {', '.join(missing)}: it was exported from another net")
    net.load_state_dict({name: torch.from_numpy(np.array(array, np.float32)) for name, array in given.items()})
    return net


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, help="folder with reader.onnx")
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    torch.save(thaw(options.model / "reader.onnx").state_dict(), options.out)


if __name__ == "__main__":
    main()
