"""Every word that a reader sees stands in both languages, and the check of it bites."""

from __future__ import annotations

import ast
import csv
import doctest
import importlib.util
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog, Message

from frame import formats, holdings
from frame.front import PAGES
from risk import texts as spoken
from risk import vocabulary
from warehouse.contracts import TABLES, codebook

ROOT = Path(__file__).resolve().parent.parent


def load_checker() -> ModuleType:
    # By its path: a package named `locale` would stand in the way of Python's own.
    spec = importlib.util.spec_from_file_location("atlas_texts", ROOT / "locale" / "texts.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


checker = load_checker()


@pytest.fixture(autouse=True)
def _english_again():
    yield
    spoken.speak("en")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_text_of_the_code_stands_in_the_catalogue_and_no_other(language: str) -> None:
    assert checker.faults(language, checker.read_catalogue(language), checker.texts()) == []


def test_the_examples_of_the_checker_are_true() -> None:
    found = doctest.testmod(checker)
    assert found.attempted
    assert not found.failed


def doctored(string: str | tuple[str, str] | None, text: str | tuple[str, str]) -> Catalog:
    catalogue = Catalog(locale="fr")
    if string is not None:
        catalogue.add(text, string)
    return catalogue


ONE = "Rows: **{count}**"
MANY = ("{count} row", "{count} rows")


@pytest.mark.parametrize(
    ("text", "string", "fault"),
    [
        (ONE, None, "'Rows: **{count}**' is not in the catalogue"),
        (ONE, "", "'Rows: **{count}**' is not translated"),
        (MANY, ("{count} ligne", ""), "is not translated"),
        (ONE, "Lignes\u00a0: **{nombre}**", "has other placeholders or Markdown"),
        (ONE, "Lignes\u00a0: {count}", "has other placeholders or Markdown"),
        (ONE, "Toutes les lignes comptées jusqu’ici\u00a0: **{count}**", "is too long"),
        (ONE, "Lignes : **{count}**", "is not in French typography"),
        (ONE, "Lignes: **{count}**", "is not in French typography"),
        (ONE, "L'entrée\u00a0: **{count}**", "is not in French typography"),
    ],
)
def test_a_doctored_catalogue_fails_and_names_the_text(
    text: str | tuple[str, str], string: str | tuple[str, str] | None, fault: str
) -> None:
    (found,) = checker.faults("fr", doctored(string, text), {text})
    assert fault in found
    assert found.startswith(repr(text)[:8])


def test_a_text_that_the_code_no_longer_holds_fails() -> None:
    assert checker.faults("fr", doctored("Lignes", "Rows"), set()) == ["'Rows' is no longer in the code"]


def test_a_guessed_translation_fails() -> None:
    catalogue = Catalog(locale="fr")
    catalogue["Rows"] = Message("Rows", "Lignes", flags=["fuzzy"])
    assert checker.faults("fr", catalogue, {"Rows"}) == ["'Rows' is fuzzy"]


def test_a_good_translation_passes() -> None:
    assert checker.faults("fr", doctored("Lignes\u00a0: **{count}**", ONE), {ONE}) == []


def test_texts_are_found_inside_other_texts() -> None:
    assert list(checker.texts_of('st.write(f\'{_("a")}: {_n("b", "c", 2)}\')')) == ["a", ("b", "c")]


def shown_plainly(source: str) -> list[str]:
    """Return words that are given to Streamlit without passing through a catalogue."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if not (isinstance(node.func.value, ast.Name) and node.func.value.id in {"st", "alt"}):
            continue
        named = [key.value for key in node.keywords if key.arg in {"label", "help", "placeholder", "title"}]
        for given in [*node.args[:1], *named]:
            parts = given.values if isinstance(given, ast.JoinedStr) else [given]
            said = [part.value for part in parts if isinstance(part, ast.Constant)]
            found += [
                text
                for text in said
                if isinstance(text, str) and re.search(r"[A-Za-z]{3,}[,;:]? [a-z]{2,}", text)
            ]
    return found


def test_a_plain_text_is_seen() -> None:
    assert shown_plainly("st.caption('Not seen by translators'); st.caption(_('Is seen here'))") == [
        "Not seen by translators"
    ]


@pytest.mark.parametrize(
    "path",
    [*ROOT.glob("frame/*.py"), *ROOT.glob("pages/*.py"), *ROOT.glob("layers/*.py")],
    ids=lambda p: p.stem,
)
def test_no_page_shows_words_that_no_catalogue_holds(path: Path) -> None:
    assert [text for text in shown_plainly(path.read_text("utf-8")) if not text.startswith("<")] == []


@pytest.mark.parametrize(("name", "question"), PAGES.items())
def test_a_page_asks_the_question_that_the_menu_shows(name: str, question: str) -> None:
    tree = ast.parse((ROOT / "pages" / f"{name}.py").read_text("utf-8"))
    assert ast.get_docstring(tree) == question
    spoken.speak("fr")
    assert spoken.translate(question).endswith("\u00a0?")


def test_every_page_is_in_the_menu() -> None:
    assert set(PAGES) == {path.stem for path in ROOT.glob("pages/*.py")} - {"__init__"}


def labels() -> list[str]:
    """Return every label and explanation of a code in `risk.vocabulary`."""
    found: list[str] = []
    for name, listed in vars(vocabulary).items():
        if not name.isupper() or not isinstance(listed, dict):
            continue
        for entry in listed.values():
            found += [getattr(entry, part, None) for part in ("label", "covers")]
            found.append(entry if isinstance(entry, str) else None)
    return [text for text in found if text]


def in_french(text: str) -> bool:
    message = checker.read_catalogue("fr").get(text)
    return message is not None and bool(message.string)


def test_every_label_of_a_code_is_in_french() -> None:
    assert len(labels()) > 60
    assert [text for text in labels() if not in_french(text)] == []


@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_described_in_french(table: str) -> None:
    assert [text for text in codebook(table)["description"] if not in_french(text)] == []


@pytest.mark.parametrize("table", holdings.TABLES)
def test_every_unit_is_a_symbol_or_a_word_in_both_languages(table: str) -> None:
    assert set(codebook(table)["unit"].dropna()) <= {"m", "km²", "t", *holdings.UNITS}


@pytest.mark.parametrize("table", holdings.TABLES)
def test_every_type_of_a_column_is_a_word_in_both_languages(table: str) -> None:
    kinds = codebook(table).set_index("column")["type"].drop("geometry", errors="ignore")
    assert set(kinds.str.split("[").str[0]) <= holdings.TYPES.keys()


def test_every_table_that_can_be_read_has_a_french_name() -> None:
    assert [text for text in holdings.TABLES.values() if not in_french(text)] == []


def test_nought_is_singular_in_french_and_plural_in_english() -> None:
    def say(count: int) -> str:
        return spoken.translate_count("{count} row", "{count} rows", count).format(count=count)

    assert [say(count) for count in (0, 1, 2)] == ["0 rows", "1 row", "2 rows"]
    spoken.speak("fr")
    assert [say(count) for count in (0, 1, 2)] == ["0 ligne", "1 ligne", "2 lignes"]


def test_an_incident_is_told_in_the_readers_language_and_in_english_where_the_french_is_missing() -> None:
    told = {"summary": "A pit fell in", "summary_fr": "Un puits s’est effondré"}
    assert formats.told(told, "summary") == "A pit fell in"
    spoken.speak("fr")
    assert formats.told(told, "summary") == "Un puits s’est effondré"
    assert formats.told(told | {"summary_fr": None}, "summary") == "A pit fell in"


def numbers(text: str, grouping: str, point: str) -> list[str]:
    """Return the figures in `text`, thousands joined, a point for decimals, in order of size."""
    joined = re.sub(rf"(?<=\d){grouping}(?=\d{{3}}\b)", "", text)
    return sorted(
        figure.replace(point, ".") for figure in re.findall(rf"\d+(?:{re.escape(point)}\d+)?", joined)
    )


def in_both_languages(check: Callable[[str, str], bool]) -> list[str]:
    with (ROOT / "data" / "open" / "incidents.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) > 100
    return [row["incident_id"] for row in rows if not check(row["summary"], row["summary_fr"])]


def test_every_incident_is_told_in_both_languages_with_the_same_figures() -> None:
    assert in_both_languages(lambda english, french: bool(french) and french != english) == []
    assert in_both_languages(lambda en, fr: numbers(en, ",", ".") == numbers(fr, "\u00a0", ",")) == []


def test_every_incident_told_in_french_keeps_french_typography() -> None:
    assert in_both_languages(lambda english, french: not checker._UNFRENCH.search(french)) == []
