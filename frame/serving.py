"""What the server answers beside Streamlit's own pages: public outlines, and the headers of all answers."""

from __future__ import annotations

import gzip
import json
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from entry.listening import HERE, is_here
from frame.ahead import hints
from risk.errors import CobaltError, NoRelease
from risk.escaping import for_leaflet
from risk.vocabulary import Audience, Edition
from warehouse import records
from warehouse.release import Release, open_release
from warehouse.settings import settings


def outlines(edition: str, release_id: str, name: str) -> bytes:
    """Return the outlines of a release as gzipped GeoJSON, its edition beside them.

    Raises CobaltError for an unknown edition, release or name, and for a release without a file for the
    public: outlines know no sign-in, so that no other file is opened for them.
    """
    if edition not in list(Edition):
        raise NoRelease(f"{edition!r} is no edition. Next: ask for one of {', '.join(Edition)}")
    return _outlines(open_release(edition, Audience.PUBLIC, release_id), name)


@lru_cache(maxsize=8)
def _outlines(release: Release, name: str) -> bytes:
    features = [
        f'{{"type":"Feature","properties":{json.dumps(_properties(name, row), ensure_ascii=False)},"geometry":{shape}}}'
        for row, shape in records.outlines(release, name)
    ]
    text = f'{{"type":"FeatureCollection","edition":"{release.edition.value}","features":[{",".join(features)}]}}'
    return gzip.compress(text.encode("utf-8"), mtime=0)


def _properties(name: str, row: dict[str, str]) -> dict[str, str]:
    if name == "concessions":
        tip = f"<b>{for_leaflet(row['code'])}</b><br>{for_leaflet(row['name'])}"
        return {"permit_type": row["permit_type"], "id": f"concession:{row['code']}", "tip": tip}
    tip = "" if row["kind"] == "province" else for_leaflet(row["name"])
    return {"kind": row["kind"], "id": f"territory:{row['code']}", "tip": tip}


async def _answer(request: Request) -> Response:
    try:
        body = outlines(**request.path_params)
    except CobaltError:
        return PlainTextResponse("not found", status_code=404)
    headers = {
        "Content-Encoding": "gzip",
        # A release never changes, so neither do its outlines.
        "Cache-Control": "public, max-age=31536000, immutable",
    }
    return Response(body, media_type="application/geo+json", headers=headers)


ROUTES: Final = [Route("/outlines/{edition}/{release_id}/{name}.json", _answer)]


_NO_PAGES: Final = frozenset({"_stcore", "app", "component", "media", "outlines", "static"})
# Without an address of its own, Streamlit's page asks below the page's path first and logs two errors;
# its language is fixed to English until we say better; and it drops what stands behind the hash when it
# first writes the address, before the map has read its view there.
_HEAD: Final = b"""<head><script>
// Streamlit ends a sign-in at the front page: back to where the reader was when they asked for it.
(function () {
    const back = sessionStorage.getItem("atlas-back");
    if (back && location.pathname.replace(/[/]$/, "") === "BASE_PATH".replace(/[/]$/, "") && !location.search) {
        history.replaceState(null, "", back);
    }
    sessionStorage.removeItem("atlas-back");
    document.addEventListener("click", function (event) {
        if (event.target.closest(".st-key-sign_in")) {
            sessionStorage.setItem("atlas-back", location.pathname + location.search + location.hash);
        }
    }, true);
})();
</script><script>
window.atlasView = location.hash;
window.__streamlit = {BACKEND_BASE_URL: location.origin + "BASE_PATH"};
function say() {
    document.documentElement.lang = /[?&]lang=(en|fr)/.exec(location.search)?.[1]
        || (navigator.language.slice(0, 2) === "fr" ? "fr" : "en");
}
say();
["pushState", "replaceState"].forEach(function (name) {
    const change = history[name];
    history[name] = function () { change.apply(history, arguments); say(); };
});
</script>"""


class Headers:
    """Adds the security headers to every answer, and our first lines to Streamlit's page.

    No foreign origin is allowed; `unsafe-inline` and `unsafe-eval` stay, for the map component
    evaluates its own script. An online background, where the operator set one, adds its host for images.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        base_path = str(st.get_option("server.baseUrlPath") or "").strip("/")
        self.head = _HEAD.replace(b"BASE_PATH", f"/{base_path}".encode()) + hints(base_path).encode()
        self.headers = [
            (b"content-security-policy", content_security_policy(settings().background_url).encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to its answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if _is_page(scope):
            # The page is changed below, so it must come as plain text.
            kept = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
            scope = {**scope, "headers": kept}
        held: list[Message] = []

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self.headers]
                if _is_page(scope) and _is_html(message):
                    held.append(message)
                    return
            if held:
                held.append(message)
                if not message.get("more_body"):
                    for part in _with_head(held, self.head):
                        await send(part)
                return
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _is_page(scope: Scope) -> bool:
    first = scope["path"].strip("/").split("/")[0]
    return scope["method"] == "GET" and "." not in first and first not in _NO_PAGES


def _is_html(start: Message) -> bool:
    kind = dict(start["headers"]).get(b"content-type", b"")
    return bool(start["status"] == 200 and kind.startswith(b"text/html"))


def _with_head(held: list[Message], head: bytes) -> list[Message]:
    start, *parts = held
    body = b"".join(part.get("body", b"") for part in parts).replace(b"<head>", head, 1)
    headers = [(name, value) for name, value in start["headers"] if name != b"content-length"]
    headers.append((b"content-length", str(len(body)).encode()))
    return [start | {"headers": headers}, {"type": "http.response.body", "body": body}]


def content_security_policy(background_url: str | None) -> str:
    """Return the policy; the host of `background_url` may serve images and nothing else."""
    images = "'self' data: blob:"
    if background_url:
        parts = urlsplit(background_url.replace("{s}", "*"))
        images += f" {parts.scheme}://{parts.netloc}"
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
            "style-src 'self' 'unsafe-inline'",
            f"img-src {images}",
            "font-src 'self' data:",
            "connect-src 'self' ws: wss: blob: data:",
            "worker-src 'self' blob:",
            "frame-src 'self'",
            "frame-ancestors 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
        )
    )


# Streamlit sends its 5 MB of scripts as they are; the least level already saves most of them.
MIDDLEWARE: Final = [
    Middleware(GZipMiddleware, minimum_size=1_000, compresslevel=1),
    Middleware(Headers),
]


class OnlyHere:
    """Answers this machine alone, whatever address the server was told to listen on."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on where it comes from this machine, else refuse it."""
        client = scope.get("client") or (None,)
        if scope["type"] not in ("http", "websocket") or is_here(client[0]):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose()(scope, receive, send)
        else:
            await PlainTextResponse("for this machine only", status_code=403)(scope, receive, send)


class SecureCookies:
    """Lets no browser send a cookie of ours unencrypted; Streamlit leaves that open."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and mark the cookies of its answer."""

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    (name, value + b"; Secure" if name.lower() == b"set-cookie" else value)
                    for name, value in message["headers"]
                ]
            await send(message)

        await self.app(scope, receive, send_marked)


def middleware(*, is_sign_in_offered: bool, is_https: bool = False) -> list[Middleware]:
    """Return what stands around every answer; without sign-in, only this machine gets one."""
    if is_sign_in_offered:
        return [Middleware(SecureCookies), *MIDDLEWARE] if is_https else MIDDLEWARE
    # Who asks for this machine by another name comes through a proxy, or is a foreign page in a browser here
    # that had its own name resolved to this machine.
    names = Middleware(TrustedHostMiddleware, allowed_hosts=list(HERE), www_redirect=False)
    return [Middleware(OnlyHere), names, *MIDDLEWARE]
