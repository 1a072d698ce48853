"""Scripts and styles are compressed once; nothing else is touched."""

import asyncio
import gzip
from dataclasses import dataclass

import pytest
from starlette.datastructures import Headers

from frame.ahead import hints
from frame.compressing import Compressed

SCRIPT = "const a = 1;\n" * 500


@dataclass
class Answer:
    status: int
    headers: Headers
    body: bytes

    @property
    def text(self):
        is_packed = self.headers.get("content-encoding") == "gzip"
        return (gzip.decompress(self.body) if is_packed else self.body).decode()


class Client:
    """Asks the middleware as a browser would."""

    def __init__(self):
        self.asked = []
        self.app = Compressed(self._answer)

    async def _answer(self, scope, receive, send):
        path = scope["path"]
        self.asked.append(path)
        kind = "text/html" if "page" in path else "application/javascript"
        status = 404 if "missing" in path else 200
        if Headers(scope=scope).get("if-none-match"):
            status = 304
        body = b"" if status == 304 else b"short" if "short" in path else SCRIPT.encode()
        headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        half = len(body) // 2
        await send({"type": "http.response.body", "body": body[:half], "more_body": True})
        await send({"type": "http.response.body", "body": body[half:]})

    def get(self, path, **headers):
        sent = []

        async def send(message):
            if message["type"] == "http.response.start":
                message["headers"].append((b"x-added", b"by the middleware around"))
            sent.append(message)

        given = {"accept-encoding": "gzip, br"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        scope = {
            "type": "http",
            "method": "GET",
            "path": path,
            "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        }
        asyncio.run(self.app(scope, None, send))
        start, *parts = sent
        return Answer(start["status"], Headers(raw=start["headers"]), b"".join(p["body"] for p in parts))


@pytest.fixture
def client():
    return Client()


def test_a_script_comes_compressed_and_whole(client):
    answer = client.get("/static/js/a.js")
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) == len(answer.body) < len(SCRIPT) / 10
    assert "Accept-Encoding" in answer.headers["vary"]
    assert answer.text == SCRIPT


def test_a_script_is_asked_for_once_however_often_it_is_sent(client):
    first, second = client.get("/static/js/a.js"), client.get("/static/js/a.js")
    assert first == second
    assert len(client.asked) == 1


def test_what_is_added_to_one_answer_is_not_in_the_next(client):
    for _ in range(3):
        answer = client.get("/static/js/a.js")
    assert len(answer.headers.getlist("x-added")) == 1


@pytest.mark.parametrize(
    "path", ["/static/js/missing.js", "/static/page.js", "/static/short.js", "/static/a.woff2", "/other/a.js"]
)
def test_what_is_no_script_or_style_of_ours_passes_as_it_is(client, path):
    for _ in range(2):
        assert "content-encoding" not in client.get(path).headers
    assert len(client.asked) == 2


def test_a_browser_that_takes_no_gzip_gets_the_script_as_it_is(client):
    answer = client.get("/static/js/a.js", accept_encoding="identity")
    assert "content-encoding" not in answer.headers
    assert answer.text == SCRIPT


def test_a_browser_that_holds_the_file_is_told_so(client):
    client.get("/static/js/a.js")
    assert client.get("/static/js/a.js", if_none_match='"x"').status == 304


def test_hints_name_files_that_streamlit_has_and_nothing_foreign():
    lines = hints("base").splitlines()
    assert any("ComponentInstance" in line for line in lines)
    assert all('href="/base/' in line for line in lines)
    assert "//" not in hints("")
