"""The bill of materials as it is kept: no addresses of where things come from, and with what the desk's script holds.

Reads the bill that cyclonedx-py writes from standard input, the lock file of front/ from the path given; writes JSON.
"""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path
from typing import Any

# Only builds the script; nothing of it is in what is shipped.
_BUILDS = ("esbuild", "@esbuild/")


def _python(component: dict[str, Any]) -> dict[str, Any]:
    kept = {name: component[name] for name in ("type", "name", "version", "purl")}
    return {"bom-ref": component["purl"], **kept}


def _script(lock: Path) -> list[dict[str, Any]]:
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    out = []
    for path, one in sorted(packages.items()):
        name = path.removeprefix("node_modules/")
        if not path or name.startswith(_BUILDS):
            continue
        purl = f"pkg:npm/{name}@{one['version']}"
        licences = [{"license": {"id": one["license"]}}] if one.get("license") else []
        out.append(
            {"bom-ref": purl, "type": "library", "name": name, "version": one["version"], "purl": purl}
            | ({"licenses": licences} if licences else {})
        )
    return out


def main() -> None:
    """Write the bill."""
    given = json.load(sys.stdin)
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    components = {one["bom-ref"]: one for one in [*map(_python, given["components"]), *_script(Path(sys.argv[1]))]}
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": given["specVersion"],
        "version": 1,
        "metadata": {
            "component": {
                "type": "application", "bom-ref": project["name"], "name": project["name"],
                "version": project["version"], "licenses": [{"license": {"id": project["license"]}}],
            }
        },
        "components": [components[ref] for ref in sorted(components)],
    }  # fmt: skip
    print(json.dumps(bill, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
