"""The catalogue that comes with the atlas: whole, in both languages, and nobody else's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from babel.messages.pofile import read_po

from pipelines.frameworks.asking import FrameworkFile, standing_frameworks
from risk import progress_words as words
from risk.categories import CATEGORIES

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
IN_FULL = "illustrative@2026.1"
DRAFT = "illustrative@2025.1"
SOURCE = "USDOLPublic/Global-Trace-Docs"


@pytest.fixture(scope="module")
def files() -> dict[str, FrameworkFile]:
    return {str(file.framework_id): file for file in standing_frameworks(DATA)}


@pytest.fixture(scope="module")
def criteria(files: dict[str, FrameworkFile]) -> pd.DataFrame:
    return files[IN_FULL].tables["criteria"].taken


def test_two_versions_stand_side_by_side_and_neither_is_broken(files: dict[str, FrameworkFile]) -> None:
    assert set(files) == {IN_FULL, DRAFT}
    assert [file.rows_rejected for file in files.values()] == [0, 0]
    rows = pd.concat([file.tables["frameworks"].taken for file in files.values()]).set_index("framework_id")
    assert rows.loc[DRAFT, "standing"] == "superseded"
    assert rows.loc[IN_FULL, "standing"] == "illustrative"
    assert rows.loc[DRAFT, "valid_until"] < rows.loc[IN_FULL, "valid_from"]
    assert set(rows["scheme"]) == {"illustrative"}
    assert len(files[DRAFT].tables["criteria"].taken) < len(files[IN_FULL].tables["criteria"].taken)


def test_the_catalogue_has_about_45_criteria_in_five_sections_and_four_levels(
    files: dict[str, FrameworkFile], criteria: pd.DataFrame
) -> None:
    assert 42 <= len(criteria) <= 50
    assert criteria["section"].drop_duplicates().tolist() == ["GOV", "WR", "OSH", "ENV", "TRD"]
    levels = files[IN_FULL].tables["framework_levels"].taken.sort_values("rank")
    assert levels["level"].tolist() == ["ENTRY", "BASE", "PROG", "ADV"]
    assert set(criteria["kind"]) == set(words.CRITERION_KINDS)


def test_every_level_has_a_gate(criteria: pd.DataFrame) -> None:
    gates = criteria[criteria["kind"].isin(words.GATES)]
    assert set(gates["level"]) == {"ENTRY", "BASE", "PROG", "ADV"}


def test_what_is_never_tolerated_blocks_from_the_first_level_on(criteria: pd.DataFrame) -> None:
    zero = criteria[criteria["kind"] == "zero_tolerance"]
    assert set(zero["category"]) == {"CHL", "FOR", "SGB", "VIO", "NSA"}
    assert set(zero["level"]) == {"ENTRY"}
    assert set(zero["response_track"]) == {"immediate"}
    urgent = {code for code, one in CATEGORIES.items() if one.track.value == "immediate"}
    assert urgent <= set(zero["category"])


def test_the_numbers_of_the_catalogue_are_the_known_ones(criteria: pd.DataFrame) -> None:
    rows = criteria[criteria["metric"].notna()].set_index("criterion_id")
    assert {one: (row["operator"], row["threshold_value"], row["unit"]) for one, row in rows.iterrows()} == {
        "GOV-12": ("<=", 12, "months"),
        "WR-01": ("=", 0, "people"),
        "WR-11": ("<=", 60, "h"),
        "WR-12": ("<=", 6, "days"),
        "OSH-03": ("<=", 30, "m"),
        "OSH-04": ("<=", 10, "m"),
        "OSH-12": ("<=", 12, "h"),
        "ENV-01": (">", 500, "m"),
        "ENV-02": (">", 20, "m"),
    }


def test_where_a_correspondence_was_read_is_named_and_an_unread_number_is_not_verified(
    files: dict[str, FrameworkFile],
) -> None:
    for file in files.values():
        rows = file.tables["criterion_alignments"].taken
        assert set(rows["scheme"]) == {"EGC"}
        assert set(rows["source"]) == {SOURCE}
        # Words alone: no paragraph, letter or number of somebody's text, but for the legal depth.
        numbered = rows[rows["reference"].str.contains(r"\d")]
        assert numbered["criterion_id"].tolist() == ["OSH-03"]
    unread = rows[~rows["is_verified"].astype(bool)]
    assert set(unread["criterion_id"]) == {"OSH-04", "OSH-05", "OSH-12", "WR-11", "WR-12", "ENV-01", "ENV-02"}


def texts(files: dict[str, FrameworkFile], language: str) -> list[str]:
    frames = [
        table.taken for file in files.values() for table in file.tables.values() if table.taken.shape[0]
    ]
    return [
        str(text)
        for frame in frames
        for name in frame.columns
        if name.endswith(f"_{language}")
        for text in frame[name].dropna()
    ]


def test_every_criterion_is_told_in_both_languages(criteria: pd.DataFrame) -> None:
    for name in ("text", "section", "issue", "evidence"):
        english, french = criteria[f"{name}_en"], criteria[f"{name}_fr"]
        assert english.notna().all()
        assert french.notna().all()
    assert (criteria["text_en"] != criteria["text_fr"]).all()
    assert criteria["text_en"].is_unique
    assert criteria["text_fr"].is_unique
    assert (criteria["text_fr"].str.len() < 1.6 * criteria["text_en"].str.len() + 12).all()


def test_the_same_numbers_stand_in_both_languages(criteria: pd.DataFrame) -> None:
    for english, french in criteria[["text_en", "text_fr"]].itertuples(index=False):
        assert re.findall(r"\d+", english) == re.findall(r"\d+", french)


def test_the_french_keeps_french_typography(files: dict[str, FrameworkFile]) -> None:
    unfrench = re.compile(r"['\"]| [;:?!%»]|(?<=\S)[;:?!%»](?=\s|$)(?<!\u00a0[;:?!%»])|«(?!\u00a0)")
    assert unfrench.search("un mot : un autre")
    assert [text for text in texts(files, "fr") if unfrench.search(text)] == []


_THEIRS = re.compile(r"\bRMI\b|Responsible Minerals Initiative|ASM Cobalt (?:Standard|Criteria|Normative)")
_RULES = re.compile(
    r"catalogue|criteri|critère|framework|cadre|référentiel|standard|norme|levels?\b|niveau", re.I
)
_DENIED = re.compile(
    r"\bnot\b|\bno\b|\bnor\b|\bnothing\b|n’est (?:pas|ni)|\bni\b|ne .*\bpas\b|ne dit rien", re.I
)


def claims(text: str) -> Iterator[str]:
    """Yield the sentences of `text` that would make the catalogue somebody else's."""
    for sentence in re.split(r"(?<=[.;:?!])\s+|\n\n", text):
        if _THEIRS.search(sentence) and _RULES.search(sentence) and not _DENIED.search(sentence):
            yield sentence


def test_a_claim_is_seen() -> None:
    for text in (
        "The catalogue holds the criteria of RMI.",
        "Levels follow the ASM Cobalt Standard.",
        "Les critères du cadre de la Responsible Minerals Initiative (RMI).",
    ):
        assert list(claims(text)) == [text]
    assert list(claims("It is not the framework of the Responsible Minerals Initiative (RMI).")) == []
    assert list(claims("Refiners as listed by RMI.")) == []


def test_no_text_presents_the_catalogue_as_rmi_s(files: dict[str, FrameworkFile]) -> None:
    said = [*texts(files, "en"), *texts(files, "fr"), (ROOT / "README.md").read_text("utf-8")]
    said += [path.read_text("utf-8") for path in (DATA / "frameworks").glob("*.toml")]
    for language in ("en", "fr"):
        with (ROOT / "locale" / language / "LC_MESSAGES" / "cobalt.po").open("rb") as stream:
            for message in read_po(stream, locale=language):
                both = (message.id, message.string)
                said += [part for one in both for part in ((one,) if isinstance(one, str) else one)]
    assert [claim for text in said for claim in claims(text)] == []


def test_each_version_says_whose_it_is_and_whose_it_is_not(files: dict[str, FrameworkFile]) -> None:
    for file in files.values():
        row = file.tables["frameworks"].taken.iloc[0]
        assert row["publisher"] == "Cobalt Risk Atlas"
        assert "Illustrative" in row["title_en"]
        assert "exemple" in row["title_fr"]
        assert "It is not the framework of the Responsible Minerals Initiative (RMI)" in row["note_en"]
        assert "Ce n’est pas le cadre de la Responsible Minerals Initiative (RMI)" in row["note_fr"]
        for name in ("title_en", "title_fr", "scheme"):
            assert not _THEIRS.search(row[name])
