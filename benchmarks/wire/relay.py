"""A wire that counts: passes bytes between a browser and a server, websockets apart from the rest."""

from __future__ import annotations

import contextlib
import socket
import threading


class Relay:
    """Listens on a free port and passes everything on to `port` of this machine.

    `websocket_bytes` counts what websockets carry, both ways, as it goes over the wire: after the
    compression, with the framing. A browser's own tools know only what it unpacks to.
    """

    def __init__(self, port: int) -> None:
        self.upstream = port
        self.websocket_bytes = 0
        self._lock = threading.Lock()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        threading.Thread(target=self._let_in, daemon=True).start()

    def close(self) -> None:
        """Take no new connection."""
        self._door.close()

    def _let_in(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._door.accept()
                far = socket.create_connection(("127.0.0.1", self.upstream))
                for end in (near, far):
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                is_websocket = threading.Event()
                for source, target in ((near, far), (far, near)):
                    threading.Thread(
                        target=self._pass_on, args=(source, target, is_websocket), daemon=True
                    ).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, is_websocket: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while block := source.recv(65536):
                if b"\r\nUpgrade: websocket\r\n" in block:
                    is_websocket.set()
                if is_websocket.is_set():
                    with self._lock:
                        self.websocket_bytes += len(block)
                target.sendall(block)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
