"""Lists of facilities, as the Responsible Minerals Initiative publishes them: CSV or the first sheet of a workbook.

The operator gives them. Columns are known by several spellings; of a list of several metals cobalt is read. The
day of the list is in a column `listed_on`, or in the file's name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from babel import Locale
from babel.core import get_global

from pipelines.reading import parsers
from pipelines.reading.days import day_of, written_day
from pipelines.reading.text_tables import check_columns, read_delimited
from pipelines.reading.workbooks import is_workbook, workbook_reader
from pipelines.source import Field, Raw, Scope, Source, define
from risk.errors import UnreadableFile
from warehouse.progress import RMAP_ID, RefinerStatuses

_LISTED_ON: Final = "listed_on"
_LIST: Final = "list_id"
# Our name of a column, and how lists spell it: compared in small letters, without what is no letter.
_SPELLINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "Facility ID": (
        "CID",
        "Smelter ID",
        "Smelter Identification",
        "Refiner ID",
        "RMAP ID",
        "RMI ID",
        "Facility CID",
    ),
    "Facility Name": (
        *("Standard Smelter Name", "Standard Facility Name", "Smelter Name", "Refiner Name", "Name"),
        *("Smelter Reference", "Facility"),
    ),
    "Country": (
        "Facility Country",
        "Country Location",
        "Smelter Country",
        "Country of Facility",
        "Location Country",
    ),
    "Metal": ("Metals", "Mineral", "Minerals", "Material", "Commodity"),
    "Type": ("Facility Type", "Smelter Type", "Refiner Type", "Kind", "Crude or Fine"),
    "Status": ("RMAP Status", "Assessment Status", "Facility Status", "Conformance Status", "Audit Status"),
    "Last Assessment Date": (
        *("Last Audit Date", "Assessment Date", "Audit Date", "Date of Last Audit", "Last Assessment"),
        *("Date of Last Assessment",),
    ),
    "Assessment Cycle": (
        "Audit Cycle",
        "Cycle",
        "Cycle Years",
        "Audit Cycle Years",
        "Assessment Cycle Years",
    ),
    "Next Assessment Due": (
        *(
            "Re-audit",
            "Next due",
            "Re-audit/Next due",
            "Next Audit Date",
            "Re-audit Date",
            "Next Assessment Date",
        ),
        *("Next Due Date", "Next due on"),
    ),
    _LISTED_ON: ("List Date", "Date of List", "Published on"),
    _LIST: ("List", "List Name"),
}
_STATUSES: Final[Mapping[str, tuple[str, ...]]] = {
    "conformant": ("rmap conformant", "conformant rmap", "conforme"),
    "active": ("rmap active", "in progress", "actif", "active rmap"),
    "cross_recognized": ("cross recognised", "crossrecognized", "rmap cross recognized"),
    "eligible": ("rmap eligible", "rmi eligible", "éligible"),
    "not_listed": ("non listé",),
    "removed": ("delisted", "removed from list", "retiré"),
    "not_reported": ("unknown", "n/a", "non rapporté"),
}
_KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "crude": ("crude refiner", "treatment unit", "brut"),
    "fine": ("fine refiner", "refiner", "refinery", "fin"),
    "unknown": ("not reported",),
}
# As lists write them, beside the names of the Unicode repository in English and French.
_COUNTRIES: Final[Mapping[str, str]] = {
    "democratic republic of the congo": "COD",
    "congo democratic republic of the": "COD",
    "dr congo": "COD",
    "drc": "COD",
    "rdc": "COD",
    "korea republic of": "KOR",
    "republic of korea": "KOR",
    "taiwan province of china": "TWN",
    "united states of america": "USA",
    "usa": "USA",
    "uk": "GBR",
    "russian federation": "RUS",
    "turkey": "TUR",
    "viet nam": "VNM",
    "hong kong": "HKG",
    "ivory coast": "CIV",
    "tanzania united republic of": "TZA",
}
# Codes of countries that are no more, of the same two letters as one that is.
_GONE: Final = frozenset({"BUR", "ZAR", "DDR", "FXX", "TMP", "YMD"})
_NAME_DAY: Final = re.compile(r"(?<!\d)(\d{4})-?(\d{2})-?(\d{2})(?!\d)", re.ASCII)
_CID: Final = re.compile(RMAP_ID)
_CYCLE: Final = re.compile(r"([123])(?:\.0)?(?:[ -]*(?:years?|yrs?|ans?))?", re.IGNORECASE)


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9à-ÿ/]+", " ", text.replace("_", " ").lower()).split())


def _worded(known: Mapping[str, tuple[str, ...]], *, blank: str | None = None) -> parsers.Parser:
    """Return a parser of words, however they are written, that are codes or stand for one."""
    code_of = {_plain(word): code for code, words in known.items() for word in (code, *words)}
    allowed = ", ".join(known)
    return parsers.Parser(
        pd.StringDtype(),
        lambda cell: code_of.get(_plain(cell)),
        lambda cell: f"no word known here; write one of {allowed}",
        blank=blank,
    )


@cache
def _country_codes() -> dict[str, str]:
    """Return ISO 3166-1 alpha-3 by every name and code of a country that is known here."""
    three_of = {
        two[0]: three
        for three, two in get_global("territory_aliases").items()
        if len(three) == 3 and three.isalpha() and len(two) == 1 and three not in _GONE
    }
    found = dict(_COUNTRIES)
    for language in ("en", "fr"):
        names = Locale(language).territories
        found |= {_plain(str(names[two])): three for two, three in three_of.items() if two in names}
    return found | {code.lower(): three for two, three in three_of.items() for code in (two, three)}


_ID: Final = parsers.Parser(
    pd.StringDtype(),
    lambda cell: cell.upper() if _CID.fullmatch(cell.upper()) else None,
    lambda cell: "no id of a facility; write CID and six digits",
)
_COUNTRY: Final = parsers.Parser(
    pd.StringDtype(),
    lambda cell: _country_codes().get(_plain(cell)),
    lambda cell: "no country known here; write its name in English, or three letters (ISO 3166)",
)


def _to_cycle(cell: str) -> int | None:
    match = _CYCLE.fullmatch(cell)
    return int(match[1]) if match else None


_YEARS: Final = parsers.Parser(
    pd.Int64Dtype(), _to_cycle, lambda cell: "no cycle of 1, 2 or 3 years; write 3"
)


def _read_list(path: Path, *, required: tuple[str, ...]) -> Raw:
    """Return a list with its columns under our names, and the day and the name of the list in each row."""
    reader = workbook_reader(None) if is_workbook(path) else read_delimited
    raw = reader(path, required=())
    names = _our_names([str(name) for name in raw.frame.columns])
    renamed = [f"{theirs!r} read as {ours!r}" for theirs, ours in names.items() if theirs != ours]
    frame = raw.frame.rename(columns=names)
    frame = _with_blanks(frame, _LISTED_ON, _day_in(path))
    frame = _with_blanks(frame, _LIST, path.stem)
    check_columns(path.name, list(frame.columns), required)
    remarks = "; ".join([*([raw.remarks] if raw.remarks else []), *renamed]) or None
    return replace(raw, frame=frame, remarks=remarks)


def _our_names(columns: list[str]) -> dict[str, str]:
    """Return our name of each column that has one; the first of two that mean the same has it."""
    known = {_plain(word): ours for ours, words in _SPELLINGS.items() for word in (ours, *words)}
    names: dict[str, str] = {}
    # One that is spelt as we spell it comes before others.
    for column in sorted(columns, key=lambda column: column not in _SPELLINGS):
        ours = known.get(_plain(column))
        if ours is not None and ours not in names.values():
            names[column] = ours
    return names


def _day_in(path: Path) -> str:
    found = [day for match in _NAME_DAY.finditer(path.stem) if (day := day_of("-".join(match.groups())))]
    return found[-1].isoformat() if found else ""


def _with_blanks(frame: pd.DataFrame, column: str, value: str) -> pd.DataFrame:
    """Return `frame` with `value` in the blank cells of a column."""
    if column not in frame:
        return frame.assign(**{column: pd.Series(value, index=frame.index, dtype="str")})
    return frame.assign(**{column: frame[column].mask(frame[column].str.strip() == "", value)})


def _refuse_undated(path: Path, *, required: tuple[str, ...]) -> Raw:
    raw = _read_list(path, required=required)
    if len(raw.frame) and (raw.frame[_LISTED_ON].str.strip() == "").all():
        raise UnreadableFile(
            path.name,
            "says nowhere of which day the list is",
            next_move="put the day into its name, as in list-2026-01-31.csv, or into a column listed_on",
        )
    return raw


def _of_cobalt(raw: Raw) -> npt.NDArray[np.bool_]:
    """Keep the rows that say cobalt; where no column tells of a metal, all."""
    if "Metal" not in raw.frame:
        return np.ones(len(raw.frame), dtype=bool)
    metal = raw.frame["Metal"].str.strip().str.lower()
    return np.array(metal.str.contains(r"\b(?:cobalt|co)\b", regex=True), dtype=bool)


def _finish(shaped: pd.DataFrame, raw: Raw) -> pd.DataFrame:
    """Add the id of the row: the list and the facility."""
    return shaped.assign(listing_id=shaped["list_id"] + "-" + shaped["listing_id"])


REFINER_LISTS: Final[Source] = define(
    "refiner_lists",
    "refiner_statuses",
    RefinerStatuses,
    reader=_refuse_undated,
    fields=(
        Field("listing_id", "Facility ID", _ID),
        Field("rmap_id", "Facility ID", _ID),
        Field("list_id", _LIST),
        Field("listed_on", _LISTED_ON, written_day),
        Field("name", "Facility Name"),
        Field("status", "Status", _worded(_STATUSES, blank="not_reported")),
        Field("status_reported", "Status"),
        Field("country", "Country", _COUNTRY, is_optional=True),
        Field("kind", "Type", _worded(_KINDS, blank="unknown"), is_optional=True),
        Field("assessed_on", "Last Assessment Date", written_day, is_optional=True),
        Field("cycle_years", "Assessment Cycle", _YEARS, is_optional=True),
        Field("next_due_on", "Next Assessment Due", written_day, is_optional=True),
    ),
    finish=_finish,
    scope=Scope(_of_cobalt, "said to be of cobalt"),
    is_bounded=False,
    about="Lists of facilities (RMI), CSV or workbook; cobalt, with the status of each at the day of the list",
)
