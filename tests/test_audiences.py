"""A run of a page opens the file of one audience: the reader's own, or the one they may view the atlas as."""

from __future__ import annotations

import ast
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from entry import sessions
from frame import audiences, front, readers
from frame.readers import Reader, SignIn
from pipelines.release import building, publish, write
from risk.errors import NoAudience
from risk.texts import speak
from risk.vocabulary import Audience, Edition
from tests.made_audiences import counts, publish_audiences, tables_of
from tests.made_tables import places, publish_tables
from warehouse import release as opening
from warehouse.asking import answer, forget_answers
from warehouse.release import Release, close_all, current_release_id, open_release
from warehouse.settings import ROOT

PAGE = "incidents"
FILES = {
    Audience.PUBLIC: "file for the public",
    Audience.MEMBER: "file for member companies",
    Audience.RESEARCHER: "file for researchers",
    Audience.STAFF: "file for staff",
}
ALL = tuple(Audience)


@pytest.fixture(scope="module")
def releases_dir(open_release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both editions with a file for each audience; the training one is the open one under its name."""
    folder = tmp_path_factory.mktemp("audiences")
    publish_audiences(open_release, folder)
    tables = tables_of(open_release) | {"incidents": tables_of(open_release)["incidents"].head(40)}
    draft = replace(open_release.manifest, edition="training", previous=None, files={}, tables={})
    with building(Edition.TRAINING, folder) as training:
        publish(training, write(training, draft, dict.fromkeys(ALL, tables)), draft.release_id)
    return folder


@pytest.fixture
def touched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are connected to, in order."""
    found: list[str] = []
    connect = opening._connect

    def noting(release: Release) -> Any:
        found.append(release.path.name)
        return connect(release)

    monkeypatch.setattr(opening, "_connect", noting)
    return found


@pytest.fixture(autouse=True)
def served(releases_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "access.toml").write_text('[audiences]\nstaff = ["s"]\nmember = ["m"]\n', "utf-8")
    sessions.prepare(tmp_path / "state")
    monkeypatch.setenv("COBALT_RELEASES_DIR", str(releases_dir))
    monkeypatch.setenv("COBALT_ACCESS_FILE", str(tmp_path / "access.toml"))
    monkeypatch.setenv("COBALT_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setattr(readers, "offered", lambda: True)
    forget_answers()
    yield
    st.cache_data.clear()
    close_all()
    speak("en")


def forget(touched: list[str]) -> None:
    """Let the next run ask its files anew."""
    st.cache_data.clear()
    forget_answers()
    touched.clear()


def claims(*groups: str, **changes: Any) -> dict[str, Any]:
    # Claims of parameters are made when tests are collected, long before the last of them runs.
    now = int(time.time())
    said = {"is_logged_in": True, "iss": "i", "sub": "alma", "nonce": "n", "iat": now, "exp": now + 36_000}
    return said | {"groups": list(groups)} | changes


def opened(user: dict[str, Any] | None = None, page: str = PAGE, **query: str) -> AppTest:
    app = AppTest.from_string("from frame import front; front.open_door()", default_timeout=30)
    # A page is asked for by its name, as a deep link does.
    app._page_hash = calc_hash(page)
    if user is not None:
        app.user = user
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def expect(app: AppTest, audience: Audience, touched: list[str], known: dict[Audience, int]) -> None:
    assert FILES[audience] in app.caption[0].value
    # All of them, too: a choice of years made for another file is no filter on this one.
    line = "**{0}** of {0} incident records".format(known[audience])
    assert any(line in text.value for text in app.markdown)
    assert set(touched) == {f"{audience.value}.duckdb"}
    forget(touched)


@pytest.mark.parametrize(
    ("user", "audience"),
    [
        ({}, Audience.PUBLIC),
        (claims("x"), Audience.PUBLIC),
        (claims("m"), Audience.MEMBER),
        (claims("m", "s"), Audience.STAFF),
        (claims("s", exp=1), Audience.PUBLIC),
        (claims("s", is_logged_in=False), Audience.PUBLIC),
    ],
)
def test_a_run_opens_the_file_of_the_readers_audience_and_no_other(
    user: dict[str, Any], audience: Audience, touched: list[str], releases_dir: Path
) -> None:
    known = counts(releases_dir)
    forget(touched)
    app = opened(user)
    expect(app, audience, touched, known)
    is_over = user.get("exp") == 1
    assert ["Your sign-in has ended" in one.value for one in app.warning] == [True] * is_over
    door = [one.label for one in app.button if one.label.startswith("Sign")]
    assert door == (
        ["Sign in"] if audience is Audience.PUBLIC and "x" not in user.get("groups", []) else ["Sign out"]
    )


def test_a_sign_in_that_ends_between_two_clicks_closes_the_file(
    touched: list[str], releases_dir: Path, tmp_path: Path
) -> None:
    known = counts(releases_dir)
    forget(touched)
    app = opened(claims("s"))
    expect(app, Audience.STAFF, touched, known)
    sessions.end_reader(tmp_path / "state", "alma", time.time())
    app.run()
    assert not app.exception
    expect(app, Audience.PUBLIC, touched, known)


def test_staff_view_as_another_audience_opens_only_its_file(touched: list[str], releases_dir: Path) -> None:
    known = counts(releases_dir)
    forget(touched)
    app = opened(claims("s"), **{"as": "member"})
    expect(app, Audience.MEMBER, touched, known)
    choice = app.selectbox(key="as")
    assert choice.options == [
        "View as: the public",
        "View as: member companies",
        "View as: researchers",
        "View as: staff",
    ]
    choice.set_value("public").run()
    expect(app, Audience.PUBLIC, touched, known)
    assert app.query_params["as"] == "public"
    app.selectbox(key="as").set_value("staff").run()
    expect(app, Audience.STAFF, touched, known)
    assert "as" not in app.query_params


@pytest.mark.parametrize("user", [{}, claims("m"), claims("s", exp=1)])
@pytest.mark.parametrize("wished", ["staff", "researcher", "dragon"])
def test_nobody_else_may_view_as_another(user: dict[str, Any], wished: str, touched: list[str]) -> None:
    app = opened(user, **{"as": wished})
    assert set(touched) == {"member.duckdb" if user.get("groups") == ["m"] else "public.duckdb"}
    assert "as" not in app.query_params
    assert [box for box in app.selectbox if box.key == "as"] == []


def test_what_was_viewed_as_is_forgotten_once_the_reader_may_no_more(
    touched: list[str], tmp_path: Path
) -> None:
    app = opened(claims("s"), **{"as": "researcher"})
    sessions.end_reader(tmp_path / "state", "alma", time.time())
    forget(touched)
    app.run()
    assert set(touched) == {"public.duckdb"}


@pytest.mark.parametrize("own", ALL)
def test_without_a_provider_the_operator_says_whose_file_is_open(
    own: Audience, touched: list[str], releases_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "offered", lambda: False)
    monkeypatch.setenv("COBALT_AUDIENCE", own.value)
    known = counts(releases_dir)
    forget(touched)
    # Whatever a cookie says, it was signed for a server with a provider.
    app = opened(claims("s"), **{"as": "member"})
    expect(app, Audience.MEMBER if own is Audience.STAFF else own, touched, known)
    assert [one.label for one in app.button if one.label.startswith("Sign")] == []


def test_in_the_training_edition_whoever_runs_it_may_look_at_all_of_it(
    touched: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "offered", lambda: False)
    monkeypatch.setenv("COBALT_AUDIENCE", "public")
    app = opened(edition="training", **{"as": "staff"})
    assert set(touched) == {"training-staff.duckdb"}
    forget(touched)
    app.segmented_control(key="edition").set_value("open").run()
    assert not app.exception
    assert set(touched) == {"public.duckdb"}
    assert "as" not in app.query_params
    signed_in = Reader(Audience.MEMBER, SignIn.VALID)
    assert audiences.may_view_as(signed_in, Edition.TRAINING) == (Audience.MEMBER,)


def test_a_release_without_the_readers_file_opens_no_other(
    touched: list[str], open_releases_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_tables(tmp_path / "releases", {"places": places("a")})
    monkeypatch.setenv("COBALT_RELEASES_DIR", str(tmp_path / "releases"))
    app = opened(claims("m"))
    assert ["no file for this audience" in error.value for error in app.error] == [True]
    assert touched == []
    with pytest.raises(
        NoAudience, match=r"has no file member.duckdb, only those for staff. Next: cobalt build"
    ):
        open_release("open", "member", current_release_id("open"))


@pytest.mark.parametrize(("user", "is_there"), [({}, False), (claims("m"), False), (claims("s"), True)])
def test_a_page_of_staff_is_not_found_by_others(
    user: dict[str, Any], is_there: bool, touched: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(front.ONLY_FOR, "ground", frozenset({Audience.STAFF}))
    app = opened(user, "ground")
    assert app.title[0].value == (front.PAGES["ground"] if is_there else "Not found")
    assert bool(touched) is is_there
    others = opened(user | {"nonce": "o"}, PAGE)
    assert others.title[0].value == front.PAGES[PAGE]


def test_staff_who_view_as_others_do_not_find_it_either(
    touched: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(front.ONLY_FOR, "ground", frozenset({Audience.STAFF}))
    app = opened(claims("s"), "ground", **{"as": "member"})
    assert app.title[0].value == "Not found"
    assert touched == []


def test_the_front_page_is_for_all() -> None:
    assert front.FRONT not in front.ONLY_FOR
    assert set(front.ONLY_FOR) <= set(front.PAGES)


# What is kept for the whole process, and knows nothing of a release.
OF_NO_RELEASE = {"frame.readers.offered", "warehouse.contracts.method_version"}


def test_whatever_is_kept_of_a_release_is_kept_for_its_file_alone() -> None:
    """Streamlit keeps answers for all readers: the key holds the release opened, or the path of its file."""
    kept = dict(cached())
    assert {name for name, given in kept.items() if not {"release", "path"} & given} == OF_NO_RELEASE
    assert {name for name, given in kept.items() if "_release" in given and "path" not in given} == set()
    assert len(kept) >= 6


def cached() -> Iterator[tuple[str, set[str]]]:
    """Return every function of the app that keeps its answers, with the names of its arguments."""
    for room in ("frame", "layers", "warehouse", "pages"):
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.FunctionDef) and any(
                    "cache" in ast.unparse(d) for d in node.decorator_list
                ):
                    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                    yield f"{module}.{node.name}", {one.arg for one in node.args.args + node.args.kwonlyargs}


def test_two_files_of_one_release_are_two_keys(releases_dir: Path) -> None:
    one, other = (
        open_release("open", who, releases_dir=releases_dir) for who in (Audience.STAFF, Audience.PUBLIC)
    )
    assert one.id == other.id
    assert one != other
    assert hash(one) != hash(other)
    sql = "SELECT count(*) AS n FROM incidents"
    assert answer(one, sql)["n"].iloc[0] != answer(other, sql)["n"].iloc[0]
