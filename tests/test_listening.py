"""Without an identity provider the app answers this machine alone; with one, only if sign-in is whole."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import Message

from entry import listening
from frame import serving
from risk.errors import ConfigError
from risk.vocabulary import Audience

AUTH = {
    "redirect_uri": "https://atlas.example/oauth2callback",
    "client_id": "atlas",
    "client_secret": "hush",
    "server_metadata_url": "https://login.example/.well-known/openid-configuration",
    "cookie_secret": "c" * 32,
}


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    (tmp_path / "access.toml").write_text('[audiences]\nstaff = ["s"]\n', "utf-8")
    monkeypatch.setenv("COBALT_ACCESS_FILE", str(tmp_path / "access.toml"))
    monkeypatch.setenv("COBALT_STATE_DIR", str(tmp_path / "state"))
    return [tmp_path / "secrets.toml"]


def write(file: Path, **changes: str | None) -> None:
    lines = [f'{key} = "{value}"' for key, value in (AUTH | changes).items() if value is not None]
    file.write_text("\n".join(["[auth]", *lines]), "utf-8")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "atlas.example", "", None])
def test_without_a_provider_no_other_machine_is_answered(files: list[Path], host: str | None) -> None:
    with pytest.raises(
        ConfigError, match=r"to this machine only, not on .* Next: listen on 127.0.0.1, or name"
    ):
        listening.check(host, files)
    assert not any(listening.check(here, files) for here in ("127.0.0.1", "localhost", "::1", "127.0.0.2"))


def test_with_a_provider_any_address_will_do(files: list[Path], tmp_path: Path) -> None:
    write(files[0])
    assert listening.check("0.0.0.0", files)
    assert (tmp_path / "state").is_dir()
    write(files[0], redirect_uri="http://127.0.0.1:{port}/oauth2callback")
    assert listening.check(None, files)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"cookie_secret": None}, "cookie_secret is missing"),
        ({"cookie_secret": "c" * 31}, "cookie_secret has 31 characters. Next: write 32 or more random ones"),
        ({"client_id": ""}, "client_id is missing"),
        ({"server_metadata_url": None}, "server_metadata_url is missing"),
        ({"redirect_uri": "http://atlas.example/oauth2callback"}, "https beyond this machine"),
        ({"redirect_uri": "https://atlas.example/"}, "/oauth2callback at its end"),
    ],
)
def test_a_sign_in_that_is_not_whole_is_refused(
    files: list[Path], changes: dict[str, str | None], said: str
) -> None:
    write(files[0], **changes)
    with pytest.raises(ConfigError) as caught:
        listening.check("127.0.0.1", files)
    assert said in str(caught.value)
    assert "secrets.toml, section [auth]: " in str(caught.value)
    assert not any(secret in str(caught.value) for secret in ("hush", "ccc"))


def test_secrets_that_cannot_be_read_are_no_missing_provider(files: list[Path]) -> None:
    files[0].write_text('[auth]\ncookie_secret = "hush', "utf-8")
    with pytest.raises(ConfigError, match=r"secrets.toml cannot be read") as caught:
        listening.check("127.0.0.1", files)
    assert "hush" not in str(caught.value)
    files[0].write_text("auth = 1", "utf-8")
    with pytest.raises(ConfigError, match="auth is no section"):
        listening.check("127.0.0.1", files)


def test_the_table_of_access_must_be_there_before_anybody_signs_in(
    files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(files[0])
    monkeypatch.delenv("COBALT_ACCESS_FILE")
    with pytest.raises(ConfigError, match="Next: set COBALT_ACCESS_FILE"):
        listening.check("127.0.0.1", files)


def test_a_folder_that_cannot_be_made_for_the_ended_sign_ins_is_an_error(
    files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(files[0])
    monkeypatch.setenv("COBALT_STATE_DIR", str(tmp_path / "access.toml" / "state"))
    with pytest.raises(ConfigError, match="Next: check COBALT_STATE_DIR"):
        listening.check("127.0.0.1", files)


def test_the_last_of_the_secret_files_has_the_last_word(tmp_path: Path) -> None:
    first, last = tmp_path / "a.toml", tmp_path / "b.toml"
    write(first)
    write(last, client_id="other")
    assert (listening.provider([first, last]) or {})["client_id"] == "other"
    last.write_text("other = 1\n", "utf-8")
    assert (listening.provider([first, last]) or {})["client_id"] == "atlas"
    assert listening.provider([tmp_path / "nowhere.toml"]) is None


def test_what_nobody_chose_is_the_public(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COBALT_AUDIENCE", raising=False)
    assert listening.settings().audience is Audience.PUBLIC


@pytest.mark.parametrize("minutes", ["0", "-5", "1.5", "soon", "٣"])
def test_minutes_without_meaning_are_an_error(minutes: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COBALT_SIGN_IN_MINUTES", minutes)
    with pytest.raises(ConfigError, match=r"COBALT_SIGN_IN_MINUTES is .* Next: set it to a whole number"):
        listening.settings()


def asked(kind: str, host: str, client: tuple[str, int] | None, **offered: bool) -> Message:
    """Return what a request is first answered with."""

    async def page(_request: Request) -> PlainTextResponse:
        response = PlainTextResponse("ok")
        response.set_cookie("one", "1")
        response.set_cookie("two", "2")
        return response

    stack = serving.middleware(**offered)
    app = Starlette(routes=[Route("/_stcore/health", page)], middleware=stack)
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request" if kind == "http" else "websocket.connect", "body": b""}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": kind,
        "method": "GET",
        "scheme": "http",
        "path": "/_stcore/health",
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", host.encode())],
        "client": client,
    }
    asyncio.run(app(scope, receive, send))
    return sent[0]


@pytest.mark.parametrize(
    ("host", "client", "status"),
    [
        ("127.0.0.1:8501", ("127.0.0.1", 5), 200),
        ("localhost:8501", ("::1", 5), 200),
        ("[::1]:8501", ("127.0.0.1", 5), 200),
        ("evil.example:8501", ("127.0.0.1", 5), 400),
        ("localhost", ("192.168.1.9", 5), 403),
        ("localhost", None, 403),
    ],
)
def test_without_sign_in_each_request_must_come_from_here_and_ask_for_here(
    host: str, client: tuple[str, int] | None, status: int
) -> None:
    assert asked("http", host, client, is_sign_in_offered=False)["status"] == status
    assert asked("http", host, client, is_sign_in_offered=True)["status"] == 200


def test_by_https_no_cookie_is_ever_sent_unencrypted() -> None:
    for is_https in (True, False):
        start = asked("http", "atlas.example", ("192.168.1.9", 5), is_sign_in_offered=True, is_https=is_https)
        cookies = [value for name, value in start["headers"] if name == b"set-cookie"]
        assert [value.endswith(b"; Secure") for value in cookies] == [is_https, is_https]


def test_a_websocket_from_elsewhere_is_closed() -> None:
    answer = asked("websocket", "localhost", ("192.168.1.9", 5), is_sign_in_offered=False)
    assert answer["type"] == "websocket.close"
