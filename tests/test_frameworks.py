"""A framework file is read whole, its faults are named with their line, and no half of one is taken."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from pipelines.build import build, check_edition
from pipelines.edition import load_edition
from pipelines.frameworks.asking import checked_frameworks
from pipelines.frameworks.listings import checked_text
from pipelines.frameworks.reading import TABLES
from pipelines.training.making import prepare
from risk.errors import InputError, UnreadableFile
from risk.vocabulary import Audience, Edition
from tests.made_edition import write_edition
from tests.made_frameworks import TEXT, line_of, write_framework
from warehouse.release import open_release

SECOND = "A-02"
HEADER = "[[sections.issues.criteria]]"
FIRST_LINE = line_of(HEADER)
SECOND_LINE = line_of(HEADER, after="works here")


def said(path: Path) -> str:
    return checked_text(checked_frameworks([path])[0])


def test_a_good_file_becomes_four_tables(tmp_path: Path) -> None:
    (found,) = checked_frameworks([write_framework(tmp_path)])
    assert found.rows_rejected == 0
    assert checked_text(found) == "made-1.toml: made@1: 2 levels, 3 criteria, 2 alignments"
    criteria = found.tables["criteria"].taken.set_index("criterion_id")
    assert criteria.index.tolist() == ["A-01", "A-02", "B-01"]
    assert criteria["position"].tolist() == [1, 2, 3]
    assert criteria["section_fr"].tolist() == ["Premier", "Premier", "Deuxième"]
    assert criteria["needs_capital"].tolist() == [False, True, False]
    assert criteria.loc["A-01", "text_en"] == "Nobody under 18 works here."
    assert criteria.loc["A-01", "text_fr"] == "Aucun mineur ne travaille ici\u00a0; aucun."
    threshold = criteria.loc["A-02", ["metric", "operator", "threshold_value", "unit"]]
    assert threshold.tolist() == ["depth", "<=", 10.0, "m"]
    assert criteria.loc["B-01", ["metric", "operator", "threshold_value", "unit"]].isna().all()
    alignments = found.tables["criterion_alignments"]
    assert alignments.taken["is_verified"].tolist() == [True, False]
    assert alignments.lines.tolist() == [line_of('scheme = "X"'), line_of('scheme = "Y"')]
    assert found.tables["frameworks"].taken["valid_until"].tolist() == [pd.Timestamp("2025-12-31")]


@pytest.mark.parametrize(
    ("change", "line", "says"),
    [
        (('kind = "threshold"', 'kind = "gate"'), SECOND_LINE, "kind is 'gate', not one of zero_tolerance, "),
        (("weight = 1.5", "weight = 0"), SECOND_LINE, "weight is '0', not above 0"),
        (("weight = 1.5", 'weight = "much"'), SECOND_LINE, "weight is 'much', not a number; write 12.5"),
        (("weight = 1.5\n", ""), SECOND_LINE, "weight is empty; a value must be given"),
        (('category = "CHL"', 'category = "KID"'), FIRST_LINE, "category is 'KID', not one of CHL, "),
        (('text_fr = "Les puits sont peu profonds."\n', ""), SECOND_LINE, "text_fr is empty"),
        (('text_en = "Pits are shallow."', 'text_en = " "'), SECOND_LINE, "text_en is empty"),
        (
            ('capital_fr = "Engins"\n', ""),
            SECOND_LINE,
            "in one language; give English and French, or neither",
        ),
        (
            ('level = "TOP"\nweight = 1.5', 'level = "PEAK"\nweight = 1.5'),
            SECOND_LINE,
            "its levels are LOW, TOP",
        ),
        ((', unit = "m"', ""), SECOND_LINE, "a threshold in part; give metric, operator, value and unit"),
        (('operator = "<="', 'operator = "≤"'), SECOND_LINE, "operator is '≤', not one of <=, "),
        (('criterion_id = "A-02"', 'criterion_id = "A-01"'), SECOND_LINE, f"in use since line {FIRST_LINE}"),
        (
            ('criterion_id = "A-02"', 'criterion_id = "2 A"'),
            SECOND_LINE,
            "criterion_id is '2 A', not of the form",
        ),
        (
            ('response_track = "immediate"', 'response_track = "improve"'),
            FIRST_LINE,
            "too slow an answer; a criterion of zero tolerance has the response track immediate",
        ),
        (("valid_until = 2025-12-31", "valid_until = 2024-12-31"), 2, "it ends before it begins"),
        (("valid_from = 2025-01-01", 'valid_from = "soon"'), 2, "valid_from is 'soon', not a date"),
        (('standing = "in_force"', 'standing = "law"'), 2, "standing is 'law', not one of illustrative, "),
        (("rank = 2", "rank = 1"), line_of("[[levels]]", after="Bas"), "the rank of an earlier level"),
        (('meaning_fr = "Haut"\n', ""), line_of("[[levels]]", after="Bas"), "meaning_fr is empty"),
        ((', source = "A list"', ""), line_of('scheme = "X"'), "verified in no source; name the source"),
    ],
)
def test_a_row_that_breaks_its_contract_is_named_with_its_line(
    tmp_path: Path, change: tuple[str, str], line: int, says: str
) -> None:
    text = said(write_framework(tmp_path, change))
    assert text.startswith("made-1.toml: ")
    assert any(row.startswith(f"  line {line}: ") and says in row for row in text.splitlines()), text


@pytest.mark.parametrize(
    ("change", "line", "says", "move"),
    [
        (("weight = 1.5", "weight = "), line_of("weight = 1.5"), "Invalid value", "correct the TOML there"),
        (("weight = 1.5", "wieght = 1.5"), line_of("weight = 1.5"), "has a key 'wieght'", "name it weight"),
        (("threshold = {", "threshhold = {"), line_of("threshold = {"), "'threshhold'", "name it threshold"),
        (("value = 10", "number = 10"), line_of("value = 10"), "'number'", "keys here are metric, operator"),
        (("[framework]", "[frame]"), 2, "has a key 'frame'", "name it framework"),
        (("[[levels]]", "[levels]"), None, "Cannot", "correct the TOML there"),
        (
            ('{ scheme = "Y", reference = "pits" }', '"pits"'),
            None,
            "alignments is not of its form",
            "write {scheme",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_line_and_the_next_move(
    tmp_path: Path, change: tuple[str, str], line: int | None, says: str, move: str
) -> None:
    with pytest.raises(UnreadableFile, match="Next: ") as error:
        said(write_framework(tmp_path, change))
    message = str(error.value)
    assert message.startswith("made-1.toml, line ")
    assert line is None or error.value.line == line, message
    assert says in message
    assert move in message


def test_a_file_without_a_part_is_refused(tmp_path: Path) -> None:
    levels = TEXT[TEXT.index("[[levels]]") : TEXT.index("[[sections]]")]
    with pytest.raises(UnreadableFile, match=r"has no \[\[levels\]\]"):
        said(write_framework(tmp_path, (levels, "")))
    with pytest.raises(InputError, match=r"line 13: \[origin\] gives no text for attribution"):
        said(write_framework(tmp_path, ('attribution = "Nobody"\n', "")))
    with pytest.raises(UnreadableFile, match="no such file"):
        said(tmp_path / "gone.toml")
    (tmp_path / "latin.toml").write_bytes(TEXT.encode("latin-1"))
    with pytest.raises(UnreadableFile, match="is not in UTF-8"):
        said(tmp_path / "latin.toml")


def test_a_header_inside_a_text_is_no_header(tmp_path: Path) -> None:
    change = ("Nobody under 18\n", f"Nobody under 18\n{HEADER}\n")
    (found,) = checked_frameworks([write_framework(tmp_path, change)])
    assert found.tables["criteria"].lines.tolist()[:2] == [FIRST_LINE, SECOND_LINE + 1]


def test_two_versions_in_force_may_not_overlap(tmp_path: Path) -> None:
    first = write_framework(tmp_path)
    later = (("valid_from = 2025-01-01", "valid_from = 2026-01-01"), ("valid_until = 2025-12-31\n", ""))
    version = ('version = "1"', 'version = "2"')
    good = write_framework(tmp_path, version, *later, name="made-2.toml")
    assert [file.rows_rejected for file in checked_frameworks([first, good])] == [0, 0]
    bad = write_framework(tmp_path, version, name="made-2.toml")
    _, second = checked_frameworks([first, bad])
    assert "in force together with made@1 of made-1.toml, which holds from 2025-01-01 to 2025-12-31" in (
        checked_text(second)
    )
    draft = write_framework(tmp_path, version, ('"in_force"', '"draft"'), name="made-2.toml")
    assert [file.rows_rejected for file in checked_frameworks([first, draft])] == [0, 0]
    other = write_framework(tmp_path, ('scheme = "made"', 'scheme = "else"'), name="made-2.toml")
    assert [file.rows_rejected for file in checked_frameworks([first, other])] == [0, 0]


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    return write_edition(tmp_path / "data" / "open")


def taken(edition: Path) -> dict[tuple[str, str], int]:
    files = check_edition(load_edition(edition))
    return {(file.file, file.table): len(file.taken) for file in files if file.table in TABLES}


def test_every_edition_without_its_own_holds_every_framework(edition: Path, tmp_path: Path) -> None:
    folder = edition.parent / "frameworks"
    write_framework(folder)
    write_framework(folder, ('scheme = "made"', 'scheme = "else"'), name="else-1.toml")
    other = write_edition(edition.parent / "other")
    for one in (edition, other):
        given = [given for given in load_edition(one).inputs if given.path.parent == folder]
        assert len(given) == 2 * len(TABLES)
        assert {part.origin["publisher"] for part in given} == {"Nobody"}
    # The invented edition has its own, whatever lies beside it.
    prepare(edition.parent / "training", size=0.05)
    spec = load_edition(edition.parent / "training")
    assert not [given for given in spec.inputs if given.path.parent == folder]
    built = build(edition, tmp_path / "releases", as_of=date(2026, 1, 1))
    assert built.loads["file"].nunique() == 10
    for audience in Audience:
        release = open_release(Edition.OPEN, audience, releases_dir=tmp_path / "releases")
        ids = release.query("SELECT framework_id, count(*) AS n FROM criteria GROUP BY ALL ORDER BY ALL")
        assert ids.to_numpy().tolist() == [["else@1", 3], ["made@1", 3]]
        assert len(release.query("SELECT * FROM criterion_alignments")) == 4
    before = built.release_id
    write_framework(folder, ("weight = 1.5", "weight = 1.6"))
    assert build(edition, tmp_path / "releases", as_of=date(2026, 1, 1)).release_id != before


def test_a_framework_with_a_broken_criterion_is_left_out_whole(edition: Path) -> None:
    folder = edition.parent / "frameworks"
    write_framework(folder, ('kind = "threshold"', 'kind = "gate"'))
    write_framework(folder, ('scheme = "made"', 'scheme = "else"'), name="else-1.toml")
    found = taken(edition)
    assert {table: found["made-1.toml", table] for table in TABLES} == dict.fromkeys(TABLES, 0)
    assert found["else-1.toml", "criteria"] == 3
    (criteria,) = [
        file
        for file in check_edition(load_edition(edition))
        if (file.file, file.table) == ("made-1.toml", "criteria")
    ]
    reasons = criteria.rejected["reason"]
    assert reasons.str.startswith("not one of zero_tolerance").sum() == 1
    follows = f"of a framework that is not whole: it has broken rows (1 in criteria, the first in line {SECOND_LINE})"
    assert reasons.str.startswith(follows).sum() == 2


def test_a_broken_alignment_costs_that_alignment_alone(edition: Path) -> None:
    write_framework(edition.parent / "frameworks", (', source = "A list"', ""))
    found = taken(edition)
    assert found["made-1.toml", "criteria"] == 3
    assert found["made-1.toml", "criterion_alignments"] == 1


def test_one_version_stands_in_one_file(edition: Path) -> None:
    folder = edition.parent / "frameworks"
    write_framework(folder)
    write_framework(folder, name="made-again.toml")
    found = taken(edition)
    assert found["made-1.toml", "criteria"] == 3
    assert {table: found["made-again.toml", table] for table in TABLES} == dict.fromkeys(TABLES, 0)


def test_a_framework_that_cannot_be_read_stops_the_build(edition: Path, tmp_path: Path) -> None:
    write_framework(edition.parent / "frameworks", ("weight = 1.5", "weight = "))
    with pytest.raises(UnreadableFile, match=r"made-1\.toml, line"):
        build(edition, tmp_path / "releases")
    assert not (tmp_path / "releases").exists()
