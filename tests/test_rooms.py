"""The house rules hold: who may import whom, how long a file is, what a page may do, what nothing may name."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from frame.front import PAGES
from warehouse.settings import ROOT

ROOMS = ("risk", "warehouse", "entry", "pipelines", "commands", "layers", "frame", "pages")
DOORS = {
    "app.py": {"frame", "warehouse", "risk"},
    "server.py": {"frame", "warehouse", "risk"},
    "cobalt.py": {"commands", "warehouse", "risk"},
}
LONGEST = 320
LONGEST_PAGE = 80
TEXT_ENDS = {".py", ".toml", ".md", ".po", ".csv", ".txt", ".svg", ".yml", ".yaml", ""}


def ours() -> list[Path]:
    """Return every file of the project that holds code of ours."""
    return [path for path in tracked() if path.suffix == ".py"]


def tracked() -> list[Path]:
    """Return every file of the project under version control."""
    found = subprocess.run(
        ["git", "ls-files", "--cached"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / line for line in found.stdout.splitlines() if (ROOT / line).is_file()]


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the rooms and their rules, to be doctored."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_import_rules_hold() -> None:
    found = lint_imports(ROOT)
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("risk/vocabulary.py", "import warehouse.settings", "risk imports nothing of ours"),
        ("warehouse/settings.py", "import pipelines.build", "warehouse imports risk only"),
        ("pipelines/build.py", "import layers.sites", "pipelines import warehouse and risk only"),
        ("pipelines/build.py", "import commands.releases", "pipelines import warehouse and risk only"),
        (
            "commands/releases.py",
            "import frame.address",
            "commands import pipelines, entry, warehouse and risk only",
        ),
        ("layers/sites.py", "import warehouse.queries", "layers import the words of risk only"),
        (
            "frame/address.py",
            "import pipelines.build",
            "frame imports layers, warehouse, entry and risk only",
        ),
        (
            "entry/groups.py",
            "import frame.address",
            "entry imports the settings of the warehouse and risk only",
        ),
        ("pages/data.py", "import pipelines.build", "pages do not import the pipelines"),
        ("pages/data.py", "import duckdb", "layers and pages never open a database"),
    ],
)
def test_the_import_rules_bite(copy: Path, file: str, line: str, contract: str) -> None:
    with (copy / file).open("a", encoding="utf-8") as target:
        target.write(f"\n{line}\n")
    found = lint_imports(copy)
    assert found.returncode != 0
    broken = {row.strip() for row in found.stdout.splitlines() if row.rstrip().endswith("BROKEN")}
    assert f"{contract} BROKEN" in broken


@pytest.mark.parametrize("door", DOORS)
def test_a_door_imports_only_what_it_may(door: str) -> None:
    known = {*ROOMS, "cobalt", "app", "server", "tests", "benchmarks"}
    assert {name for name in imports(ROOT / door) if name in known} <= DOORS[door]


def test_every_room_is_in_the_package_and_under_the_import_rules() -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    assert set(ROOMS) | DOORS.keys() == set(tools["hatch"]["build"]["targets"]["wheel"]["include"])
    assert set(ROOMS) == set(tools["importlinter"]["root_packages"])


def test_every_page_is_in_the_menu() -> None:
    files = {path.stem for path in (ROOT / "pages").glob("*.py")} - {"__init__"}
    assert files == set(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_its_question_and_some_calls(name: str) -> None:
    path = ROOT / "pages" / f"{name}.py"
    tree = ast.parse(path.read_text("utf-8"))
    assert ast.get_docstring(tree) == PAGES[name]
    assert len(path.read_text("utf-8").splitlines()) < LONGEST_PAGE
    kinds = {type(node) for node in ast.walk(tree)}
    forbidden = {
        ast.FunctionDef,
        ast.AsyncFunctionDef,
        ast.Lambda,
        ast.ClassDef,
        ast.BinOp,
        ast.AugAssign,
        ast.For,
        ast.While,
        ast.ListComp,
        ast.DictComp,
        ast.SetComp,
        ast.GeneratorExp,
        ast.Try,
    }
    assert kinds & forbidden == set()
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    assert not any(isinstance(text, str) and re.search(r"\bselect\b", text, re.I) for text in texts)


def test_a_file_is_short_and_says_what_it_holds() -> None:
    long = {str(path.relative_to(ROOT)) for path in ours() if len(lines(path)) > LONGEST}
    assert long == set()
    vague = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}
    assert {path for path in ours() if vague & {path.stem, *path.relative_to(ROOT).parts[:-1]}} == set()


def test_nothing_names_the_place_it_was_made_in() -> None:
    here = re.compile(
        "|".join(
            (
                r"(?<![\w.])/wo" + r"rk/",
                r"\.\./sha" + r"red\b",
                r"pypi\." + r"org",
                r"files\.pythonhosted\." + r"org",
                r"registry\.npmjs\." + r"org",
                r"deb\.debian\." + r"org",
                r"index-" + r"url",
            )
        )
    )
    assert dict(named(here, tracked())) == {}


def test_no_asset_comes_from_a_foreign_address() -> None:
    asset = re.compile(
        r"(?:src|href)=[\"']https?://|@import|url\([\"']?https?://|cdn\.|unpkg\.com|googleapis\.com|jsdelivr"
    )
    rooms = [
        path for path in tracked() if path.relative_to(ROOT).parts[0] in {*ROOMS, "static", ".streamlit"}
    ]
    assert dict(named(asset, [*rooms, ROOT / "app.py", ROOT / "server.py"])) == {}


def named(pattern: re.Pattern[str], paths: list[Path]) -> Iterator[tuple[str, str]]:
    for path in paths:
        if path.suffix in TEXT_ENDS and path != Path(__file__):
            for number, line in enumerate(lines(path), start=1):
                if pattern.search(line):
                    yield f"{path.relative_to(ROOT)}:{number}", line[:200]


def lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()


def imports(path: Path) -> Iterator[str]:
    """Return the first part of every name that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]
