"""Write the edition as files: tables with their origins, `edition.toml`, and the truth beside them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from pipelines.edition import EDITION_FILE
from pipelines.training.ground import BOUNDS
from pipelines.training.plants import AS_OF

TITLES: Final[dict[str, str]] = {
    "provinces": "Invented provinces",
    "territories": "Invented territories and cities",
    "concessions": "Invented titles and artisanal zones",
    "facilities": "Invented industrial mines and plants",
    "places": "Invented places",
    "sites": "Invented artisanal sites, told by two invented publishers",
    "site_visits": "Invented visits to sites",
    "observations": "What the invented visits saw",
    "incidents": "Invented incidents",
    "citations": "Invented reports of the incidents",
    "toll_claims": "Invented claims of tolls",
    "event_matches": "Reviewed pairs of incident records: none",
    "assessments": "Invented assessments of sites",
    "findings": "What the invented assessments found",
    "improvement_actions": "Invented improvement actions of sites",
    "action_extensions": "More time given to invented actions",
    "refiners": "Invented refiners",
    "refiner_statuses": "Invented lists of facilities",
    "grievances": "Invented grievances",
    "grievance_steps": "The history of the invented grievances",
}
# Citations speak for the incidents; a review of pairs cites nothing; the rest goes with its record.
_UNCITED: Final = frozenset(
    {
        *("incidents", "citations", "event_matches"),
        *("findings", "action_extensions", "grievance_steps"),
    }
)
PUBLISHER: Final = "Cobalt Risk Atlas, invented"
ATTRIBUTION: Final = "Invented for training: nothing in it is real"

_ORIGIN: Final = """title = "{title}"
publisher = "{publisher}"
licence = "CC0"
attribution = "{attribution}"
published = "{published}"
changes_en = "None: made by the generator of the training edition."
changes_fr = "Aucun : produit par le générateur de l’édition d’exercice."
"""
_CITATION: Final = """
[citation]
title = "{title}"
publisher = "{publisher}"
published = "{published}"
"""
_EDITION: Final = """# Made by `cobalt build --edition training`. Nothing in this folder is real.
name = "training"
title_en = "Training edition: an invented copperbelt, nothing in it is real"
title_fr = "Édition d’exercice : une ceinture de cuivre inventée, rien n’y est réel"
as_of = "{as_of}"
bounds = [{bounds}]

[generator]
version = {version}
seed = {seed}
size = {size!r}
frameworks = "{frameworks}"
"""
_INPUT: Final = """
[[inputs]]
source = "{name}"
file = "{name}.csv"
"""
TRUTH: Final = "truth"


def write_edition(
    folder: Path,
    tables: Mapping[str, pd.DataFrame],
    answers: Mapping[str, pd.DataFrame],
    readme: str,
    made_by: Mapping[str, Any],
) -> None:
    """Write `tables` (by name, as in TITLES), `answers` and the README of the truth into the empty `folder`.

    `made_by` holds version, seed, size and frameworks of the generator. `edition.toml` comes last: a folder without it
    is no edition.
    """
    published = AS_OF.isoformat()
    for name, title in TITLES.items():
        _csv(_as_text(tables[name]), folder / f"{name}.csv")
        said = {"title": title, "publisher": PUBLISHER, "attribution": ATTRIBUTION, "published": published}
        text = _ORIGIN.format(**said) + ("" if name in _UNCITED else _CITATION.format(**said))
        (folder / f"{name}.origin.toml").write_text(text, "utf-8")
    (folder / TRUTH).mkdir()
    for name, table in answers.items():
        _csv(table, folder / TRUTH / f"{name}.csv")
    (folder / TRUTH / "README.md").write_text(readme, "utf-8")
    bounds = ", ".join(str(bound) for bound in BOUNDS)
    head = _EDITION.format(as_of=published, bounds=bounds, **made_by)
    inputs = "".join(_INPUT.format(name=name) for name in TITLES)
    (folder / EDITION_FILE).write_text(head + inputs, "utf-8")


def _as_text(table: pd.DataFrame) -> pd.DataFrame:
    """Return `table` with its outlines as text, in the column `wkt`, last."""
    if "geometry" not in table:
        return table
    outlines = [shape.wkt if shape is not None else None for shape in table["geometry"]]
    return table.drop(columns="geometry").assign(wkt=pd.Series(outlines, index=table.index, dtype=object))


def _csv(table: pd.DataFrame, path: Path) -> None:
    table.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")
