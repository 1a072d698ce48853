"""Groups of an identity provider become audiences by one table; whoever is in none of it is the public."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from entry import sessions
from entry.groups import Access, read_access
from frame import readers
from frame.readers import Reader, SignIn
from risk.errors import ConfigError
from risk.vocabulary import Audience
from warehouse.settings import Settings, settings

TABLE = """claims = ["groups", "realm_access.roles"]
[audiences]
staff = ["s"]
researcher = ["r", "s2"]
member = ["m"]
"""
NOW = 1_790_000_000.0
CLAIMS = {"is_logged_in": True, "iss": "i", "sub": "alma", "nonce": "n", "iat": NOW - 60, "exp": NOW + 600}


@pytest.fixture
def access_file(tmp_path: Path) -> Path:
    (tmp_path / "access.toml").write_text(TABLE, "utf-8")
    return tmp_path / "access.toml"


@pytest.fixture
def given(access_file: Path, tmp_path: Path) -> Settings:
    sessions.prepare(tmp_path / "state")
    return replace(settings(), access_file=access_file, state_dir=tmp_path / "state", sign_in_minutes=60)


@pytest.mark.parametrize(
    ("claims", "audience"),
    [
        ({}, Audience.PUBLIC),
        ({"groups": ["x", "m"]}, Audience.MEMBER),
        ({"groups": ["m", "r"]}, Audience.RESEARCHER),
        ({"groups": ["s", "m"]}, Audience.STAFF),
        ({"groups": "s"}, Audience.STAFF),
        ({"groups": "s m"}, Audience.PUBLIC),
        ({"groups": ["S"]}, Audience.PUBLIC),
        ({"groups": {"s": True}}, Audience.PUBLIC),
        ({"groups": [["s"], None, 1]}, Audience.PUBLIC),
        ({"groups": None, "roles": ["s"]}, Audience.PUBLIC),
        ({"groups": ["m"], "realm_access": {"roles": ["s"]}}, Audience.STAFF),
        ({"realm_access": ["s"]}, Audience.PUBLIC),
        ({"realm_access.roles": ["r"]}, Audience.RESEARCHER),
    ],
)
def test_the_most_privileged_group_of_a_reader_counts(
    access_file: Path, claims: Mapping[str, Any], audience: Audience
) -> None:
    assert read_access(access_file).audience_of(claims) is audience


def test_groups_and_roles_are_looked_at_where_the_table_names_no_claim(tmp_path: Path) -> None:
    path = tmp_path / "access.toml"
    path.write_text('[audiences]\nstaff = ["s"]\n', "utf-8")
    assert read_access(path) == Access(("groups", "roles"), {Audience.STAFF: frozenset({"s"})})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("claims = [", "access.toml is no TOML: Invalid value (at end of document). Next: correct that line"),
        ("", "access.toml: no audience is named. Next: add [audiences] with staff ="),
        ('[audiences]\nstaff = "s"\n', "access.toml: audiences.staff is 's'. Next: write a list of names"),
        ('[audiences]\nstaff = [""]\n', "access.toml: audiences.staff is ['']. Next: write a list of names"),
        (
            '[audiences]\nstaf = ["s"]\n',
            "access.toml: audiences.staf has no meaning. Next: use one of member",
        ),
        ('[audiences]\npublic = ["s"]\n', "access.toml: audiences.public has no meaning."),
        (
            'claim = ["g"]\n[audiences]\nstaff = ["s"]\n',
            "access.toml: claim has no meaning. Next: use one of",
        ),
        ('claims = []\n[audiences]\nstaff = ["s"]\n', "access.toml: claims is []. Next: write a list"),
    ],
)
def test_a_table_without_meaning_is_an_error_that_names_the_key(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "access.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        read_access(path)
    assert said in str(caught.value)


def test_no_table_is_an_error_too(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Next: set COBALT_ACCESS_FILE"):
        read_access(None)
    with pytest.raises(ConfigError, match=r"nowhere.toml cannot be read .* Next: check COBALT_ACCESS_FILE"):
        read_access(tmp_path / "nowhere.toml")


@pytest.mark.parametrize(
    ("changes", "sign_in"),
    [
        ({}, SignIn.VALID),
        ({"is_logged_in": False}, SignIn.NONE),
        ({"is_logged_in": "true"}, SignIn.NONE),
        ({"exp": NOW}, SignIn.ENDED),
        ({"exp": None}, SignIn.ENDED),
        ({"exp": "2099"}, SignIn.ENDED),
        ({"exp": True}, SignIn.ENDED),
        ({"exp": float("nan")}, SignIn.ENDED),
        ({"iat": None}, SignIn.ENDED),
        ({"iat": NOW - 3_600, "exp": NOW + 9_999}, SignIn.ENDED),
        ({"iat": NOW - 3_599, "exp": NOW + 9_999}, SignIn.VALID),
        ({"iat": NOW + 121, "exp": NOW + 9_999}, SignIn.ENDED),
        ({"iat": float("nan")}, SignIn.ENDED),
        ({"sub": ""}, SignIn.ENDED),
        ({"sub": None}, SignIn.ENDED),
    ],
)
def test_a_sign_in_holds_until_it_expires_or_is_too_old(
    given: Settings, changes: dict[str, Any], sign_in: SignIn
) -> None:
    audience = Audience.STAFF if sign_in is SignIn.VALID else Audience.PUBLIC
    assert readers.of(CLAIMS | {"groups": ["s"]} | changes, NOW, given) == Reader(audience, sign_in)


def test_a_changed_table_bites_at_the_next_click(given: Settings, access_file: Path) -> None:
    claims = CLAIMS | {"groups": ["s"]}
    assert readers.of(claims, NOW, given).audience is Audience.STAFF
    access_file.write_text('[audiences]\nmember = ["s"]\n', "utf-8")
    assert readers.of(claims, NOW, given).audience is Audience.MEMBER
    access_file.write_text("", "utf-8")
    with pytest.raises(ConfigError):
        readers.of(claims, NOW, given)


def test_an_ended_session_stays_ended_and_no_other_ends_with_it(given: Settings) -> None:
    sessions.end_session(given.state_dir, CLAIMS, NOW)
    assert readers.of(CLAIMS, NOW, given).sign_in is SignIn.ENDED
    for changes in ({"nonce": "o"}, {"iat": NOW - 59}, {"sub": "maya"}, {"iss": "j"}, {"sid": "1"}):
        assert readers.of(CLAIMS | changes, NOW, given).sign_in is SignIn.VALID


@pytest.mark.parametrize("known_as", ["alma", "ALMA@example.org", "alma.k"])
def test_all_sign_ins_of_a_reader_end_until_now_and_none_after(given: Settings, known_as: str) -> None:
    claims = CLAIMS | {"email": "alma@example.org", "preferred_username": "alma.k"}
    sessions.end_reader(given.state_dir, known_as, NOW)
    assert readers.of(claims, NOW, given).sign_in is SignIn.ENDED
    assert readers.of(
        claims | {"sub": "maya", "email": 1, "preferred_username": None}, NOW, given
    ).sign_in is (SignIn.VALID)
    # A provider's clock that is ahead of ours saves nobody.
    late, later = NOW + sessions.SKEW_S, NOW + sessions.SKEW_S + 1
    assert readers.of(claims | {"iat": late, "exp": late + 600}, late, given).sign_in is SignIn.ENDED
    assert readers.of(claims | {"iat": later, "exp": later + 600}, later, given).sign_in is SignIn.VALID


def test_the_store_holds_no_name_and_forgets_what_no_cookie_outlives(given: Settings) -> None:
    sessions.end_session(given.state_dir, CLAIMS, NOW)
    sessions.end_reader(given.state_dir, "alma", NOW + 1)
    assert b"alma" not in (given.state_dir / sessions.FILE).read_bytes()
    sessions.end_reader(given.state_dir, "maya", NOW + 32 * sessions.DAY_S)
    assert sessions.has_ended(given.state_dir, CLAIMS)
    sessions.end_reader(given.state_dir, "maya", NOW + 32 * sessions.DAY_S + 2)
    assert not sessions.has_ended(given.state_dir, CLAIMS)


def test_a_store_that_is_lost_lets_nobody_in(given: Settings) -> None:
    (given.state_dir / sessions.FILE).unlink()
    with pytest.raises(ConfigError, match=r"nobody can be taken for signed in. Next: check COBALT_STATE_DIR"):
        readers.of(CLAIMS, NOW, given)
    (given.state_dir / sessions.FILE).write_text("no database at all, " * 20)
    with pytest.raises(ConfigError, match="nobody can be taken for signed in"):
        readers.of(CLAIMS, NOW, given)


def test_an_empty_subject_ends_nothing(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="SUBJECT is empty"):
        sessions.end_reader(tmp_path, " ", time.time())
    assert list(tmp_path.iterdir()) == []
