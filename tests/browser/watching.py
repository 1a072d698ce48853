"""What must never happen in a reader's browser, noted as it happens."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Route, WebError

HERE = "127.0.0.1"
_INLINE = frozenset({"data", "blob", "about"})


def is_here(url: str) -> bool:
    """Return whether `url` asks this machine, or nobody at all."""
    parts = urlsplit(url)
    return parts.scheme in _INLINE or parts.hostname == HERE


class Watch:
    """Notes console errors, errors of scripts and requests to other hosts of everything in a context.

    A broken rule of the Content-Security-Policy is a console error.
    """

    def __init__(self, context: BrowserContext) -> None:
        self.problems: list[str] = []
        context.on("console", self._console)
        context.on("weberror", self._script)
        context.on("request", self._request)
        context.on("requestfailed", self._request)

    def forgive(self, *words: str) -> None:
        """Forget the problems that contain one of `words`: a test made them on purpose."""
        self.problems = [said for said in self.problems if not any(word in said for word in words)]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.problems.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _script(self, error: WebError) -> None:
        self.problems.append(f"script: {error.error.message}")

    def _request(self, request: Request) -> None:
        if not is_here(request.url):
            self.problems.append(f"foreign request: {request.url}")


def without_the_world(route: Route) -> None:
    """Let requests to this machine pass, and break off all others."""
    if is_here(route.request.url):
        route.continue_()
    else:
        route.abort("internetdisconnected")
