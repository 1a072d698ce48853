"""`cobalt serve` and `cobalt sign-out`: who is served where, and whose sign-ins end."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

import cobalt
from entry.sessions import has_ended
from tests.made_tables import places, publish_tables

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def releases_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "releases"
    monkeypatch.setenv("COBALT_RELEASES_DIR", str(folder))
    monkeypatch.delenv("COBALT_EDITION", raising=False)
    return folder


def test_serve_hands_this_process_over_to_streamlit(
    releases_dir: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    release = publish_tables(releases_dir, {"places": places("a")})
    handed: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda path, command: handed.append([path, *command[1:]]))
    monkeypatch.chdir(releases_dir)
    monkeypatch.setenv("HOME", str(releases_dir))
    for name in ("COBALT_EDITION", "COBALT_STATE_DIR"):  # set by the command, put back after the test
        monkeypatch.setenv(name, "")
    with pytest.raises(TypeError):  # execv never returns; our stand-in does, with nothing
        sys.exit(1 + cobalt.main(["serve", "--port", "8600"]))
    assert capsys.readouterr().out.startswith(f"Serving release {release} of the open edition on http://127")
    assert handed[0][:5] == [sys.executable, "-m", "streamlit", "run", "server.py"]
    assert {"--server.port=8600", "--server.address=127.0.0.1"} <= set(handed[0])
    assert f"--secrets.files={releases_dir.resolve() / '.streamlit' / 'secrets.toml'}" == handed[0][-1]
    assert Path.cwd() == ROOT


def test_serve_answers_other_machines_only_where_readers_sign_in(
    releases_dir: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    publish_tables(releases_dir, {"places": places("a")})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cobalt.main(["serve", "--host", "0.0.0.0"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "to this machine only, not on 0.0.0.0. Next: listen on 127.0.0.1, or name an identity" in said.err


def test_sign_out_ends_the_sign_ins_of_a_reader(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COBALT_STATE_DIR", str(tmp_path))
    assert cobalt.main(["sign-out", "alma"]) == 0
    assert capsys.readouterr().out == (
        "Every sign-in of this reader has ended. A role stands with the provider: take it away there.\n"
    )
    assert has_ended(tmp_path, {"sub": "alma", "iat": time.time()})
    assert cobalt.main(["sign-out", ""]) == 1
    assert "SUBJECT is empty" in capsys.readouterr().err
