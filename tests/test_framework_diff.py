"""What changed between two versions is told criterion by criterion, however their rows are ordered."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import cobalt
from pipelines.frameworks.asking import criteria_of
from risk.frameworks import framework_diff
from tests.made_frameworks import line_of, write_framework

DATA = Path(__file__).resolve().parent.parent / "data"


def out(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    assert cobalt.main(["framework", *map(str, arguments)]) == 0
    return capsys.readouterr().out


@pytest.fixture
def versions(tmp_path: Path) -> tuple[Path, Path]:
    a = write_framework(tmp_path / "frameworks", ('standing = "in_force"', 'standing = "superseded"'))
    b = write_framework(
        tmp_path / "frameworks",
        ('version = "1"', 'version = "2"'),
        ("weight = 1.5", "weight = 2"),
        ("value = 10", "value = 12"),
        ('capital_en = "Machines"\ncapital_fr = "Engins"\n', ""),
        ('criterion_id = "B-01"', 'criterion_id = "B-02"'),
        name="made-2.toml",
    )
    return a, b


def test_what_was_added_removed_and_changed_is_told(versions: tuple[Path, Path]) -> None:
    a, b = (criteria_of(str(path), path.parent.parent) for path in versions)
    found = framework_diff(a, b)
    assert (found.added, found.removed) == (("B-02",), ("B-01",))
    rows = found.changed.fillna("(none)").itertuples(index=False, name=None)
    assert list(rows) == [
        ("A-02", "weight", "1.5", "2"),
        ("A-02", "threshold_value", "10", "12"),
        ("A-02", "needs_capital", "yes", "no"),
        ("A-02", "capital_en", "Machines", "(none)"),
        ("A-02", "capital_fr", "Engins", "(none)"),
    ]


def test_the_way_back_is_the_mirror(versions: tuple[Path, Path]) -> None:
    a, b = (criteria_of(str(path), path.parent.parent) for path in versions)
    there, back = framework_diff(a, b), framework_diff(b, a)
    assert (there.added, there.removed) == (back.removed, back.added)
    turned = back.changed.rename(columns={"before": "after", "after": "before"})
    pd.testing.assert_frame_equal(there.changed, turned[there.changed.columns])


def test_the_order_of_criteria_is_no_change() -> None:
    whole = criteria_of("illustrative@2026.1", DATA)
    turned = whole.iloc[::-1].reset_index(drop=True).assign(position=range(1, len(whole) + 1))
    found = framework_diff(whole, turned)
    assert (found.added, found.removed, len(found.changed)) == ((), (), 0)
    draft = criteria_of("illustrative@2025.1", DATA)
    one, other = framework_diff(draft, whole), framework_diff(draft, turned)
    assert (one.added, one.removed) == (other.added, other.removed)
    pd.testing.assert_frame_equal(one.changed, other.changed)


def test_the_two_versions_of_the_catalogue_differ_as_they_say() -> None:
    found = framework_diff(*(criteria_of(f"illustrative@{one}", DATA) for one in ("2025.1", "2026.1")))
    assert found.removed == ("TRD-09",)
    assert {"GOV-05", "OSH-04", "TRD-05"} <= set(found.added)
    assert set(found.changed["criterion_id"]) == {"GOV-11", "OSH-07", "OSH-12", "WR-12"}


def test_framework_diff_names_each_change(
    versions: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    said = (
        "From {a} to {b}: 1 added, 1 removed, 1 changed\n"
        "+ B-02\n"
        "- B-01\n"
        "~ A-02\n"
        "    weight: 1.5 → 2\n"
        "    threshold_value: 10 → 12\n"
        "    needs_capital: yes → no\n"
        "    capital_en: Machines → (nothing)\n"
        "    capital_fr: Engins → (nothing)\n"
    )
    folder = versions[0].parent.parent
    assert out(capsys, "diff", "made@1", "made@2", "--data", folder) == said.format(a="made@1", b="made@2")
    assert out(capsys, "diff", *versions) == said.format(a=versions[0], b=versions[1])
    assert out(capsys, "diff", "made@1", "made@1", "--data", folder) == (
        "From made@1 to made@1: 0 added, 0 removed, 0 changed\n"
    )


def test_framework_list_names_every_version(
    versions: tuple[Path, Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert out(capsys, "list", "--data", tmp_path) == (
        "framework  standing    from        until       levels  criteria  publisher\n"
        "made@1     superseded  2025-01-01  2025-12-31       2         3  Nobody\n"
        "made@2     in_force    2025-01-01  2025-12-31       2         3  Nobody\n"
    )
    nowhere = tmp_path / "nowhere"
    assert out(capsys, "list", "--data", nowhere) == f"There is no framework in {nowhere / 'frameworks'}.\n"


def test_framework_check_ends_with_1_where_a_file_is_broken(
    versions: tuple[Path, Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert out(capsys, "check", "--data", tmp_path).count("2 levels, 3 criteria") == 2
    bad = write_framework(tmp_path, ("weight = 1.5", "weight = -1"))
    assert cobalt.main(["framework", "check", str(bad)]) == 1
    assert capsys.readouterr().out == (
        "made-1.toml: 1 row breaks its contract\n"
        f"  line {line_of('[[sections.issues.criteria]]', after='works here')}: weight is '-1', not above 0\n"
    )
    for move in (["diff", str(bad), str(bad)], ["diff", "made@9", "made@1", "--data", str(tmp_path)]):
        assert cobalt.main(["framework", *move]) == 1
        assert "Next: " in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["diff"], ["diff", "a"], ["diff", "a", "b", "c"], ["list", "a"]])
def test_a_wrong_number_of_versions_is_named(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cobalt.main(["framework", *arguments]) == 1
    assert "Next: " in capsys.readouterr().err
