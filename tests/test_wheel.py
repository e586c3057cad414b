"""An installed kgload works from any folder: the wheel carries ontology, queries and data."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_wheel_works_by_itself(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
        names = archive.namelist()
    assert not [name for name in names if name.startswith(("tests/", "scripts/", "web/"))]
    # The web parts come built: whoever installs the wheel needs no Node.
    assert {
        f"kgload/views/static/{name}" for name in ("report/report.js", "report/report.css", "shared/outline.json")
    } <= {*names}
    code = (
        "import kgload; from kgload import ontology, asking; from kgload.linking.gazetteer import Gazetteer;"
        "print(kgload.__file__, len(ontology.triples()) > 200, Gazetteer.core().info.items > 1000);"
        "print(asking.listing())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True,
        env=os.environ | {"PYTHONPATH": str(tmp_path / "site")},
    )  # fmt: skip
    assert done.stdout.startswith(f"{tmp_path / 'site'}")
    assert "True True" in done.stdout
    assert "meetings-of" in done.stdout
