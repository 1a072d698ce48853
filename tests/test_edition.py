"""What an edition is made of."""

from datetime import date
from pathlib import Path

import pytest

from pipelines.build import made_of
from pipelines.edition import bounds_of, load_edition
from risk.errors import InputError
from tests.made_frameworks import write_framework
from warehouse.columns import DRC_BOUNDS

OPEN = Path(__file__).resolve().parent.parent / "data" / "open"
HEAD = 'name = "open"\ntitle_en = "Open"\ntitle_fr = "Ouvert"\nas_of = 2026-11-01\n'
KEY = b"secret"
ONE = '[[inputs]]\nsource = "places"\nfile = "places.csv"\n'
ORIGIN = "\n".join(
    f'{key} = "x"' for key in ("title", "publisher", "licence", "attribution", "changes_en", "changes_fr")
)


@pytest.fixture
def folder(tmp_path):
    def write(edition=HEAD + ONE, origin=ORIGIN):
        (tmp_path / "edition.toml").write_text(edition, encoding="utf-8")
        (tmp_path / "places.csv").write_text("place_id\n", encoding="utf-8")
        (tmp_path / "places.origin.toml").write_text(origin, encoding="utf-8")
        return tmp_path

    return write


def test_the_open_edition_is_whole():
    spec = load_edition(OPEN)
    assert spec.name == "open"
    own = {given.path.name for given in spec.inputs if given.path.parent == OPEN}
    assert own == {path.name for path in OPEN.glob("*.csv")}


def test_an_input_knows_its_content_and_its_origin(folder):
    spec = load_edition(folder(origin=ORIGIN + '\n[citation]\ntitle = "T"\n'))
    assert spec.as_of == date(2026, 11, 1)
    assert spec.inputs[0].origin["publisher"] == "x"
    assert len(spec.inputs[0].sha256) == 64
    assert spec.cited_files == {"places.csv"}


def test_the_day_may_be_text(folder):
    assert load_edition(folder(HEAD.replace("2026-11-01", '"2026-11-01"') + ONE)).as_of.year == 2026


def test_an_edition_that_names_no_bounds_has_those_of_the_drc(folder):
    bounded = "bounds = [24.6, -40, 28.3, -38]\n" + HEAD + ONE
    assert load_edition(folder()).bounds == bounds_of(folder()) == DRC_BOUNDS
    assert load_edition(folder(bounded)).bounds == bounds_of(folder(bounded)) == (24.6, -40.0, 28.3, -38.0)


def test_other_bounds_make_another_release(folder):
    bounded = "bounds = [24.6, -40, 28.3, -38]\n" + HEAD + ONE
    assert made_of(load_edition(folder()), KEY) != made_of(load_edition(folder(bounded)), KEY)


def test_hashes_of_files_that_may_hold_secrets_are_keyed(folder):
    plain = load_edition(folder("only_public = true\n" + HEAD + ONE))
    keyed = load_edition(folder())
    assert [item.sha256 for item in made_of(plain, KEY)] == [given.sha256 for given in plain.inputs]
    told = {item.sha256 for item in made_of(keyed, KEY)}
    assert not told & {given.sha256 for given in keyed.inputs}
    assert not told & {item.sha256 for item in made_of(keyed, b"another")}


def test_a_folder_without_an_edition_has_the_bounds_of_the_drc(tmp_path):
    assert bounds_of(tmp_path) == DRC_BOUNDS


@pytest.mark.parametrize(
    ("edition", "says"),
    [
        ("name = ", "is no TOML"),
        ("only_public = 1\n" + HEAD + ONE, "only_public is 1, neither true nor false"),
        (HEAD, "names no file"),
        (HEAD.replace("2026-11-01", '"01/11/2026"') + ONE, "as_of is '01/11/2026', not a date"),
        (HEAD.replace("as_of", "as_from") + ONE, "gives no as_of date"),
        (HEAD.replace('"open"', '"other"') + ONE, "name is 'other'"),
        (HEAD.replace("title_fr", "titre") + ONE, "gives no text for title_fr"),
        (HEAD + ONE.replace('"places"', '"nonsense"'), "unknown source 'nonsense'"),
        (HEAD + ONE.replace("places.csv", "gone.csv"), "is not in"),
        (HEAD + ONE.replace("places.csv", "../places.csv"), "lies outside"),
        (HEAD + ONE.replace("places.csv", "/etc/hostname"), "lies outside"),
        (HEAD + ONE + ONE, "'places.csv' twice"),
        ("inputs = [1]\n" + HEAD, "inputs that are no tables"),
        ("bounds = [28, -40, 24, -38]\n" + HEAD + ONE, "not a box in degrees"),
        ('bounds = "the sea"\n' + HEAD + ONE, "bounds are 'the sea'"),
    ],
)
def test_what_is_wrong_with_an_edition_is_said_with_the_next_move(folder, edition, says):
    with pytest.raises(InputError, match=says) as error:
        load_edition(folder(edition))
    assert "Next: " in str(error.value)


def test_a_file_without_an_origin_is_refused(folder):
    path = folder()
    (path / "places.origin.toml").unlink()
    with pytest.raises(InputError, match=r"places\.origin\.toml: no such file"):
        load_edition(path)


def test_an_origin_must_say_what_was_changed(folder):
    with pytest.raises(InputError, match="gives no text for changes_fr"):
        load_edition(folder(origin=ORIGIN.replace("changes_fr", "other")))


def test_a_folder_without_an_edition_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"edition\.toml: no such file"):
        load_edition(tmp_path)


def test_a_link_that_leads_to_itself_is_refused_in_words(folder):
    written = folder()
    (written / "places.csv").unlink()
    (written / "places.csv").symlink_to("places.csv")
    with pytest.raises(InputError, match=r"places\.csv"):
        load_edition(written)


def test_an_edition_may_have_frameworks_of_its_own(tmp_path):
    write_framework(tmp_path / "frameworks")
    folder = tmp_path / "one"
    folder.mkdir()
    (folder / "edition.toml").write_text(HEAD + ONE, encoding="utf-8")
    (folder / "places.csv").write_text("place_id\n", encoding="utf-8")
    (folder / "places.origin.toml").write_text(ORIGIN, encoding="utf-8")

    def read():
        return {given.path for given in load_edition(folder).inputs if given.source == "criteria"}

    assert read() == {tmp_path / "frameworks" / "made-1.toml"}
    own = write_framework(folder / "frameworks", name="own-1.toml")
    assert read() == {own}
