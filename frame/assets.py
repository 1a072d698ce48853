"""The map's own files, laid out from the packages that carry them."""

from __future__ import annotations

import shutil
from importlib import import_module
from pathlib import Path
from typing import Final

from warehouse.settings import ROOT

VENDOR_DIR: Final = ROOT / "static" / "vendor"

# package module → files of its data folder
_FILES: Final[dict[str, tuple[str, ...]]] = {
    "xstatic.pkg.leaflet": ("leaflet.js", "leaflet.css", "images"),
}
_STYLE: Final = """\
.leaflet-container { font: 13px/1.35 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
.leaflet-container a { color: #0047ab; }
.leaflet-interactive:focus { outline: 2px solid #0047ab; outline-offset: 2px; }
.atlas-tip { font-size: 13px; width: max-content; max-width: 260px; white-space: normal; }
@media (hover: none) { .atlas-tip { display: none; } }
.leaflet-interactive:focus:not(:focus-visible) { outline: none; }
.atlas-label span { position: absolute; transform: translate(-50%, -170%); white-space: nowrap; font-size: 12px;
  color: #3b4450; text-shadow: 0 0 3px #fff, 0 0 3px #fff, 0 0 3px #fff; }
.atlas-outline { filter: drop-shadow(0 0 1px #fff) drop-shadow(0 0 1px #fff); }
.atlas-mark { position: absolute; inset: 0; z-index: 600; overflow: hidden; pointer-events: none; }
.atlas-mark div { white-space: nowrap; margin: 22px 6px 50px; }
.atlas-mark div:nth-child(even) { margin-left: -200px; }
.atlas-mark span { display: inline-block; margin-right: 36px; font-size: 14px; font-weight: 600; color: #7a1f1f;
  opacity: .62; transform: rotate(-6deg); text-shadow: 0 0 2px #fff, 0 0 2px #fff, 0 0 3px #fff;
  -webkit-print-color-adjust: exact; print-color-adjust: exact; }
@media (max-width: 420px) { .atlas-mark span { font-size: 11px; } }
.atlas-say { position: absolute; z-index: 900; left: 50%; bottom: 24px; transform: translateX(-50%);
  background: #fff; color: #7a1f1f; border: 1px solid #7a1f1f; border-radius: 4px; padding: 6px 12px; }
"""


def lay_out(folder: Path = VENDOR_DIR) -> Path:
    """Copy Leaflet out of its package into `folder`, write our style beside it, and return the folder.

    Cheap when they stand already; a file of another size is replaced.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for module, names in _FILES.items():
        data = Path(import_module(module).BASE_DIR)
        for name in names:
            _copy(data / name, folder / name)
    style = folder / "atlas.css"
    if not style.exists() or style.read_text("utf-8") != _STYLE:
        style.write_text(_STYLE, "utf-8")
    return folder


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        target.mkdir(exist_ok=True)
        for entry in source.iterdir():
            _copy(entry, target / entry.name)
    elif not target.exists() or target.stat().st_size != source.stat().st_size:
        shutil.copyfile(source, target)
