"""Serving: start the app, end sign-ins."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import Final

from commands.command import Command, say
from risk.vocabulary import Audience
from warehouse.settings import ROOT, settings


def serve(args: argparse.Namespace) -> int:
    """Start the app in place of this process, so that signals reach it."""
    from entry.listening import check, environment, secret_files, server
    from warehouse.release import open_release

    secrets = secret_files(Path.cwd())
    offered = check(args.host, secrets)
    audience = Audience.PUBLIC if offered else settings().audience
    release = open_release(args.edition, audience, releases_dir=args.releases)
    os.environ.update(environment(args.edition, args.releases))
    say(f"Serving release {release.id} of the {args.edition} edition on http://{args.host}:{args.port}")
    say("Readers sign in." if offered else f"Without sign-in, to this machine alone: {release.path.name}.")
    say("Stop with Ctrl-C.")
    sys.stdout.flush()
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, *server(args.host, args.port, secrets)])


def sign_out(args: argparse.Namespace) -> int:
    """End every sign-in of a reader."""
    from entry.sessions import end_reader

    end_reader(settings().state_dir, args.subject, time.time())
    say("Every sign-in of this reader has ended. A role stands with the provider: take it away there.")
    return 0


SERVE: Final = Command(
    "serve",
    "serve the app from the release that was built last",
    ("cobalt serve", "cobalt serve --port 8600"),
    ("--edition", "--releases", "--port", "--host"),
    serve,
)
SIGN_OUT: Final = Command(
    "sign-out",
    "end every sign-in of a reader at once, such as after a role was taken away",
    ("cobalt sign-out 8f14e45f", "cobalt sign-out reader@example.org"),
    ("subject",),
    sign_out,
)
