"""What the server answers beside the pages: public outlines, headers, our first lines, the map's own files."""

from __future__ import annotations

import asyncio
import csv
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message

from frame import assets, serving
from risk.vocabulary import Audience
from tests.conftest import OPEN_EDITION
from tests.made_audiences import publish_audiences
from tests.made_training import both_editions
from warehouse.release import Release, current_release_id

SCRIPT = "const a = 1;\n" * 5_000
PAGE = "<!doctype html><html><head><title>x</title></head><body></body></html>"


@dataclass
class Answer:
    """What came back: status, headers with lower-case names, body."""

    status: int
    headers: dict[str, str]
    body: bytes


@pytest.fixture
def app(open_releases_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ASGIApp]:
    monkeypatch.setenv("COBALT_RELEASES_DIR", str(open_releases_dir))
    monkeypatch.delenv("COBALT_BACKGROUND_URL", raising=False)
    serving._outlines.cache_clear()
    yield made_app()
    serving._outlines.cache_clear()


def made_app() -> ASGIApp:
    async def page(_request: Request) -> Response:
        return HTMLResponse(PAGE)

    async def plain(_request: Request) -> Response:
        return PlainTextResponse("ok")

    async def script(_request: Request) -> Response:
        return Response(SCRIPT, media_type="application/javascript")

    routes = [
        *serving.ROUTES,
        Route("/static/js/long.js", script),
        Route("/_stcore/health", plain),
        Route("/data", page),
        Route("/", page),
    ]
    return Starlette(routes=routes, middleware=serving.MIDDLEWARE)


def get(app: ASGIApp, path: str, method: str = "GET") -> Answer:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1"), (b"accept-encoding", b"gzip")],
        "server": ("127.0.0.1", 80),
    }
    asyncio.run(app(scope, receive, send))
    headers = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], headers, b"".join(part.get("body", b"") for part in sent[1:]))


def ids(name: str, column: str) -> set[str]:
    csv.field_size_limit(10_000_000)
    with (OPEN_EDITION / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {row[column] for row in csv.DictReader(file)}


def test_titles_come_whole_compressed_and_may_be_kept_for_ever(app: ASGIApp, open_release: Release) -> None:
    answer = get(app, f"/outlines/open/{open_release.id}/concessions.json")
    assert answer.status == 200
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
    features = json.loads(gzip.decompress(answer.body))["features"]
    found = {feature["properties"]["id"].removeprefix("concession:") for feature in features}
    assert found == ids("concessions", "concession_id")
    assert {frozenset(feature["properties"]) for feature in features} == {
        frozenset({"id", "permit_type", "tip"})
    }


def test_territories_come_with_the_provinces_they_lie_in(app: ASGIApp, open_release: Release) -> None:
    answer = get(app, f"/outlines/open/{open_release.id}/territories.json")
    features = json.loads(gzip.decompress(answer.body))["features"]
    found = {feature["properties"]["id"].removeprefix("territory:") for feature in features}
    assert found == ids("territories", "territory_pcode") | ids("provinces", "province_pcode")
    kinds = [feature["properties"]["kind"] for feature in features]
    assert kinds == sorted(kinds, key=lambda kind: kind != "province")


def test_each_edition_serves_its_own_outlines_and_names_itself(
    app: ASGIApp, open_releases_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    releases_dir = both_editions(open_releases_dir, tmp_path)
    monkeypatch.setenv("COBALT_RELEASES_DIR", str(releases_dir))
    found = {}
    for edition in ("open", "training"):
        answer = get(app, f"/outlines/{edition}/{current_release_id(edition, releases_dir)}/territories.json")
        outlines = json.loads(gzip.decompress(answer.body))
        assert outlines["edition"] == edition
        found[edition] = len(outlines["features"])
    on_file = len(ids("territories", "territory_pcode") | ids("provinces", "province_pcode"))
    assert found == {"open": on_file, "training": 4}


def test_outlines_come_from_the_file_of_the_public_or_not_at_all(
    app: ASGIApp, open_release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    open_one = serving.open_release
    monkeypatch.setattr(serving, "open_release", lambda *of: opened.append(str(of[1])) or open_one(*of))
    monkeypatch.setenv("COBALT_RELEASES_DIR", str(tmp_path / "all"))
    release_id = publish_audiences(open_release, tmp_path / "all", (Audience.PUBLIC, Audience.STAFF))
    assert get(app, f"/outlines/open/{release_id}/territories.json").status == 200
    monkeypatch.setenv("COBALT_RELEASES_DIR", str(tmp_path / "staff"))
    release_id = publish_audiences(open_release, tmp_path / "staff", (Audience.STAFF,))
    assert get(app, f"/outlines/open/{release_id}/territories.json").status == 404
    assert set(opened) == {"public"}


@pytest.mark.parametrize(
    "path",
    [
        "/outlines/open/{id}/sites.json",
        "/outlines/open/{id}/incidents.json",
        "/outlines/open/{id}/site_records.json",
        "/outlines/open/{id}/.json",
        "/outlines/open/{id}/territories",
        "/outlines/open/2020-01-01-0000000000/territories.json",
        "/outlines/open/current/territories.json",
        "/outlines/open/../territories.json",
        "/outlines/{id}/territories.json",
        "/outlines/training/{id}/territories.json",
        "/outlines/dragons/{id}/territories.json",
        "/outlines/../open/{id}/territories.json",
        "/outlines/open/{id}%2F..%2F{id}/territories.json",
        "/outlines/open/{id};DROP/territories.json",
    ],
)
def test_nothing_but_public_outlines_of_a_release_is_served(
    app: ASGIApp, open_release: Release, path: str
) -> None:
    answer = get(app, path.format(id=open_release.id))
    assert answer.status == 404
    assert "immutable" not in answer.headers.get("cache-control", "")


def test_every_answer_carries_the_security_headers(app: ASGIApp, open_release: Release) -> None:
    for path in (
        "/",
        "/data",
        "/_stcore/health",
        "/nowhere",
        f"/outlines/open/{open_release.id}/territories.json",
    ):
        headers = get(app, path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "default-src 'self'" in headers["content-security-policy"]


def test_the_policy_allows_no_foreign_origin() -> None:
    policy = serving.content_security_policy(None)
    assert "://" not in policy
    assert "*" not in policy
    assert "object-src 'none'" in policy


def test_a_background_adds_its_host_for_images_and_nothing_else() -> None:
    without = dict(part.split(" ", 1) for part in serving.content_security_policy(None).split("; "))
    url = "https://{s}.tiles.example/{z}/{x}/{y}.png?key=1"
    chosen = dict(part.split(" ", 1) for part in serving.content_security_policy(url).split("; "))
    assert chosen.pop("img-src") == f"{without.pop('img-src')} https://*.tiles.example"
    assert chosen == without


def test_the_operators_background_reaches_the_header(app: ASGIApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COBALT_BACKGROUND_URL", "https://tiles.example/{z}/{x}/{y}.png")
    policy = get(made_app(), "/").headers["content-security-policy"]
    assert "img-src 'self' data: blob: https://tiles.example;" in policy


def test_our_first_lines_stand_at_the_head_of_every_page_once(app: ASGIApp) -> None:
    for path in ("/", "/data"):
        answer = get(app, path)
        text = gzip.decompress(answer.body).decode()
        assert text.count("window.__streamlit") == 1
        assert text.index("window.__streamlit") < text.index("<title>")
        assert "BASE_PATH" not in text
        assert int(answer.headers["content-length"]) == len(answer.body)


def test_a_script_comes_compressed_and_whole(app: ASGIApp) -> None:
    answer = get(app, "/static/js/long.js")
    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(answer.body).decode() == SCRIPT
    assert len(answer.body) < len(SCRIPT) / 20


def test_only_pages_are_changed(app: ASGIApp) -> None:
    assert get(app, "/_stcore/health").body == b"ok"


def test_the_maps_files_are_laid_out_from_their_package(tmp_path: Path) -> None:
    folder = assets.lay_out(tmp_path / "vendor")
    assert {"leaflet.js", "leaflet.css", "atlas.css", "images"} <= {path.name for path in folder.iterdir()}
    assert b"Leaflet" in (folder / "leaflet.js").read_bytes()[:400]
    assert any((folder / "images").iterdir())


def test_a_damaged_file_of_the_map_is_mended(tmp_path: Path) -> None:
    folder = assets.lay_out(tmp_path / "vendor")
    whole = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    (folder / "leaflet.js").write_bytes(whole["leaflet.js"][:1000])
    (folder / "leaflet.css").unlink()
    (folder / "atlas.css").write_text("body { display: none }", "utf-8")
    assets.lay_out(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == whole


def test_laying_out_again_touches_nothing(tmp_path: Path) -> None:
    folder = assets.lay_out(tmp_path / "vendor")
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    assets.lay_out(folder)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
