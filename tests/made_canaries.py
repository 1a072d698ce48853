"""A copy of the training edition with planted restricted records: nothing of them may leave the file of staff.

Each text that no code list bounds is a string that stands nowhere else, so are ids, figures, positions and
the day of the embargo. A new column that its contract marks as restricted or free text is planted by itself.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipelines.sources import SOURCES
from warehouse.contracts import TABLES, free_text_columns, restricted_columns

# Digits behind the third decimal of a position.
LON_DIGITS = "7139264"
LAT_DIGITS = "3917582"
EMBARGO_UNTIL = "2031-07-19"
BROKEN = "canaryzq in a broken cell"
FIGURES = {
    "incidents": {"killed_low": 91_711, "killed_best": 91_731, "killed_high": 91_747, "injured": 86_477},
    "sites": {"workers_low": 86_213, "workers_best": 86_231, "workers_high": 86_249, "workers_year": 2026},
    "site_visits": {"workers": 86_243},
    "toll_claims": {"killed": 91_763},
}
IDS = {
    "sites": {"record_id": "canaryzq-site"},
    "site_visits": {"visit_id": "canaryzq-visit", "site_record_id": "canaryzq-site"},
    "observations": {"visit_id": "canaryzq-visit"},
    "incidents": {
        "incident_id": "canaryzq-incident",
        "site_record_id": "canaryzq-site",
        # A place of no table: the remark of the file names it.
        "place_id": "canaryzq-place",
    },
    "citations": {"table_name": "incidents", "record_id": "canaryzq-incident", "rank": "1", "url": ""},
    "toll_claims": {"claim_id": "canaryzq-claim", "incident_id": "canaryzq-incident", "citation_rank": "1"},
}
_KNOWN = {"table_name", "rank", "citation_rank", "url"}
UNCITED = "canaryzq-uncited"


@dataclass(frozen=True)
class Canaries:
    """What was planted: `texts` by table and column of the file, `figures` likewise, digits of positions."""

    texts: dict[tuple[str, str], str]
    figures: dict[tuple[str, str], int]
    digits: tuple[str, ...] = (LON_DIGITS, LAT_DIGITS)
    days: tuple[str, ...] = (EMBARGO_UNTIL,)

    @property
    def needles(self) -> frozenset[str]:
        """Every string to search for: none may be found in what is not for staff."""
        figures = (str(figure) for figure in self.figures.values() if figure > 10_000)
        return frozenset({*self.texts.values(), *figures, *self.digits, *self.days, BROKEN, UNCITED})


def plant(edition: Path, folder: Path) -> Canaries:
    """Write a copy of the training `edition` with the planted rows into the new `folder`.

    A site, a visit with an observation, an incident with source and claim, an incident without any source,
    and a broken row of incidents.
    """
    shutil.copytree(edition, folder, ignore=shutil.ignore_patterns("truth"))
    texts: dict[tuple[str, str], str] = {}
    for name in IDS:
        given = pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)
        words = _texts(name)
        row = {**_like(name, given), **words, **IDS[name], **_figures(name)}
        rows = [row, *(_more(row) if name == "incidents" else ())]
        pd.concat([given, pd.DataFrame(rows)[list(given)]]).to_csv(folder / f"{name}.csv", index=False)
        told = {column: value for column, value in {**words, **IDS[name]}.items() if column not in _KNOWN}
        texts |= {(name, column): value for column, value in told.items()}
    figures = {(name, column): value for name, row in FIGURES.items() for column, value in row.items()}
    return Canaries(texts, figures)


def _like(name: str, given: pd.DataFrame) -> dict[str, str]:
    """Return the cells of a row that keeps its contract: a restricted one, where the table says so."""
    fits = given["public_record"].eq("no") if "public_record" in given else given.index >= 0
    if name == "incidents":
        fits &= given["place_precision_reported"].eq("site") & given["record_kind"].eq("event")
        fits &= given["verification_reported"].eq("single_source") & given["lon"].ne("")
    row = {str(column): str(cell) for column, cell in given[fits].iloc[0].items()}
    if name in ("incidents", "sites"):
        row |= {"lon": f"{float(row['lon']):.3f}{LON_DIGITS}", "lat": f"{float(row['lat']):.3f}{LAT_DIGITS}"}
    if name == "incidents":
        row |= {"victims_age_band": "mixed", "victims_sex": "female", "children_reported": "yes"}
        row |= {"embargo_until": EMBARGO_UNTIL, "toll_reported": "yes"}
    if name == "sites":
        row |= {"workers_scope": "site"}
    if name == "observations":
        row |= {"category": "CHL", "severity": "5", "has_worst_form": "yes"}
    return row


def _more(row: dict[str, str]) -> list[dict[str, str]]:
    """Return the same incident without any source, far from the first in time, and a broken one."""
    days = {"date_start": "2022-01-03", "date_end": "2022-01-03", "date_precision": "day"}
    alone = row | days | {"incident_id": UNCITED, "reported_on": "2022-01-04"}
    return [alone, row | {"incident_id": "canaryzq-broken", "date_start": BROKEN}]


def _figures(name: str) -> dict[str, str]:
    return {column: str(value) for column, value in FIGURES.get(name, {}).items()}


def _texts(name: str) -> dict[str, str]:
    """Return a string of its own for each column of the file that is restricted or free text."""
    table = SOURCES[name].table
    columns = TABLES[table].contract.to_schema().columns
    marked = {*restricted_columns(table), *free_text_columns(table)}
    return {
        field.theirs: f"canaryzq {name} {field.theirs}"
        for field in SOURCES[name].fields
        if field.ours in marked
        and str(columns[field.ours].dtype).startswith("string")
        and not columns[field.ours].checks
        and field.ours != "workers_scope"
    }
