"""The small made edition under the name of the invented one, published beside the open edition."""

from __future__ import annotations

import shutil
from pathlib import Path

from pipelines.build import build
from tests.made_edition import write_edition


def publish_training(releases_dir: Path, folder: Path) -> str:
    """Write the made edition into `folder`, publish it as the training edition and return the release id."""
    write_edition(folder)
    about = folder / "edition.toml"
    about.write_text(about.read_text("utf-8").replace('name = "open"', 'name = "training"'), "utf-8")
    return build(folder, releases_dir).release_id


def both_editions(open_releases_dir: Path, folder: Path) -> Path:
    """Return a releases folder in `folder` that holds the open edition and a training edition."""
    releases_dir = folder / "releases"
    shutil.copytree(open_releases_dir, releases_dir)
    publish_training(releases_dir, folder / "training")
    return releases_dir
