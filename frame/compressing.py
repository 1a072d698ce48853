"""Scripts and styles go over the wire compressed, each compressed once a process.

Streamlit sends its 5 MB of scripts as they are, for compressing them at every request would cost more than
it saves. Their names change with their content, so here each is compressed at its first request and kept.
"""

from __future__ import annotations

import gzip
from typing import Final

from anyio.to_thread import run_sync
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_FOLDERS: Final = frozenset({"app", "component", "static"})
_SUFFIXES: Final = (".js", ".css", ".svg")
_KINDS: Final = ("application/javascript", "text/javascript", "text/css", "image/svg+xml")
_LEAST_BYTES: Final = 1_000


class Compressed:
    """Answers requests for scripts and styles compressed where the browser takes that; all else passes."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.kept: dict[str, list[Message]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from what is kept, else keep what the application answers."""
        if not _is_meant(scope):
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        if path not in self.kept:
            answer = await self._asked(scope, receive)
            if not _is_compressible(answer):
                for message in answer:
                    await send(message)
                return
            self.kept[path] = await run_sync(_compressed, answer)
        start, body = self.kept[path]
        # The middleware around this one adds its headers to the list it is given.
        await send(start | {"headers": list(start["headers"])})
        await send(body)

    async def _asked(self, scope: Scope, receive: Receive) -> list[Message]:
        answer: list[Message] = []

        async def keep(message: Message) -> None:
            answer.append(message)

        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        await self.app({**scope, "headers": plain}, receive, keep)
        return answer


def _is_meant(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].endswith(_SUFFIXES):
        return False
    headers = Headers(scope=scope)
    return (
        not _FOLDERS.isdisjoint(scope["path"].split("/")[:-1])
        and "gzip" in headers.get("accept-encoding", "")
        and not any(name in headers for name in ("range", "if-none-match", "if-modified-since"))
    )


def _is_compressible(answer: list[Message]) -> bool:
    headers = Headers(raw=answer[0]["headers"])
    return (
        answer[0]["status"] == 200
        and "content-encoding" not in headers
        and headers.get("content-type", "").startswith(_KINDS)
        and sum(len(part.get("body", b"")) for part in answer[1:]) >= _LEAST_BYTES
    )


def _compressed(answer: list[Message]) -> list[Message]:
    start, *parts = answer
    body = gzip.compress(b"".join(part.get("body", b"") for part in parts), compresslevel=7, mtime=0)
    headers = MutableHeaders(raw=list(start["headers"]))
    headers["content-encoding"] = "gzip"
    headers["content-length"] = str(len(body))
    headers.add_vary_header("Accept-Encoding")
    del headers["accept-ranges"]
    return [start | {"headers": headers.raw}, {"type": "http.response.body", "body": body}]
