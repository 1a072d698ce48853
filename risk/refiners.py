"""Refiners on the lists that publishers give out: what became of each, and how many were assessed.

A status is the publisher's word for a facility on a day. It looks back, says nothing of single lots of
material and is no guarantee that a risk is absent.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from risk.frames import DAY, NUMBER, TEXT, WHOLE, typed
from risk.progress_words import REFINER_STATUSES
from risk.vocabulary import REFINER_KINDS

REMOVED: Final = "removed"

# An edition in a list's id: what follows '@', or a year with or without month, day or quarter.
_EDITION: Final = r"@.*$|[-_. ]?(?<!\d)(?:19|20)\d{2}(?:[-_.]?(?:q[1-4]|\d{2}(?:[-_.]?\d{2})?))?(?!\d)"
_CHANGES: Final = {
    "facility_key": TEXT,
    "refiner_id": TEXT,
    "rmap_id": TEXT,
    "name": TEXT,
    "kind": TEXT,
    "series": TEXT,
    "list_id": TEXT,
    "changed_on": DAY,
    "status_before": TEXT,
    "status": TEXT,
}
_COVERAGE: Final = {
    "year": WHOLE,
    "kind": TEXT,
    "known": WHOLE,
    "assessed": WHOLE,
    "not_assessed": WHOLE,
    "share_pct": NUMBER,
    "undated": WHOLE,
}


def list_series(listings: pd.DataFrame) -> pd.Series:
    """Return whose list each row is from: `publisher`, if there is one, else list_id without its edition.

    An edition is what follows '@', or a year, month, day or quarter anywhere. Lists whose ids differ in
    more are of different publishers, and none of them removes what another one holds.

    >>> list_series(pd.DataFrame({"list_id": ["rmi@5", "rmi-2024-05", "rmi_2023Q1", "rmi", "egc"]})).tolist()
    ['rmi', 'rmi', 'rmi', 'rmi', 'egc']
    """
    ids = listings["list_id"].astype(TEXT)
    series = ids.str.replace(_EDITION, "", case=False, regex=True)
    if "publisher" in listings:
        series = listings["publisher"].astype(TEXT).fillna(series)
    return series.rename("series")


def facility_keys(*frames: pd.DataFrame) -> list[pd.Series]:
    """Return a key for the facility of each row, for each of `frames` (refiner_id, rmap_id, name, country).

    One facility has one key in all frames: its refiner_id; else that which some row gives beside its rmap_id;
    else that of the only row with the same name and country, unless it has another rmap_id; else the rmap_id;
    else name and country, whatever their case. Raises ValueError where one rmap_id stands beside two
    refiner_ids.
    """
    rows = pd.concat([_identified(frame) for frame in frames], ignore_index=True)
    both = rows.dropna(subset=["refiner_id", "rmap_id"]).drop_duplicates(["refiner_id", "rmap_id"])
    twice = both[both.duplicated("rmap_id", keep=False)]
    if len(twice):
        first, second = twice.loc[twice["rmap_id"] == twice["rmap_id"].iloc[0], "refiner_id"].iloc[:2]
        raise ValueError(
            f"{twice['rmap_id'].iloc[0]!r} stands beside refiner_id {first!r} and {second!r}; correct one of them"
        )
    ours = dict(zip(both["rmap_id"], both["refiner_id"], strict=True))
    free = rows[rows["refiner_id"].notna() & ~rows["refiner_id"].isin(both["refiner_id"])]
    alike = rows[rows["refiner_id"].isna() & ~rows["rmap_id"].isin(both["rmap_id"])]
    guessed = alike.assign(refiner_id=_mapped(alike["words"], _only(free, "words", "refiner_id")))
    back = _only(guessed, "refiner_id", "rmap_id")
    ours |= {rmap: ref for rmap, ref in _only(guessed, "rmap_id", "refiner_id").items() if ref in back}
    key = rows["refiner_id"].fillna(_mapped(rows["rmap_id"], ours)).fillna(rows["rmap_id"])
    key = key.fillna(_mapped(rows["words"], _only(rows.assign(key=key), "words", "key")))
    key = key.fillna(rows["words"]).rename("facility_key")
    ends = np.cumsum([len(frame) for frame in frames])
    return [
        key.iloc[end - len(frame) : end].set_axis(frame.index)
        for frame, end in zip(frames, ends, strict=True)
    ]


def status_changes(listings: pd.DataFrame, refiners: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the history of each facility on each publisher's lists: one row where its status changed.

    listings: listing_id, list_id, listed_on, refiner_id, rmap_id, name, country, kind, status, and where given
    publisher (see `list_series`). Lists of one publisher and day are one list. refiners: refiner_id, rmap_id,
    name, country of those known beside the lists, which may say who is who (`facility_keys`).

    Columns: facility_key, refiner_id, rmap_id, name, kind (as last listed by then), series (whose list),
    list_id, changed_on (day of the list that shows the change), status_before (missing on the first list),
    status; sorted by facility, series and day. A facility that stood on an earlier list and does not stand on
    a later one of the same publisher is 'removed' from that day, until a list has it again. Raises ValueError
    for a list without a day, an unknown status, and a facility that is twice on one list.

    >>> seen = pd.DataFrame({"listing_id": ["1", "2", "3"], "list_id": ["l@1", "l@1", "l@2"],
    ...     "listed_on": pd.to_datetime(["2024-05-01", "2024-05-01", "2025-05-01"]),
    ...     "refiner_id": ["a", "b", "a"], "rmap_id": None, "name": ["A", "B", "A"], "country": "FIN",
    ...     "kind": "fine", "status": ["active", "active", "conformant"]})
    >>> status_changes(seen)[["refiner_id", "status_before", "status"]].fillna("").values.tolist()
    [['a', '', 'active'], ['a', 'active', 'conformant'], ['b', '', 'active'], ['b', 'active', 'removed']]
    """
    rows = _listed(listings, refiners)
    if rows.empty:
        return typed(pd.DataFrame(columns=list(_CHANGES)), _CHANGES)
    lists = rows.groupby(["series", "listed_on"])["list_id"].first().rename("list_named").reset_index()
    first = rows.groupby(["facility_key", "series"])["listed_on"].min().rename("first_on").reset_index()
    # Each facility on each list of the publisher since it first stood on one.
    full = first.merge(lists, on="series")
    full = full[full["listed_on"] >= full["first_on"]]
    full = full.merge(rows, on=["facility_key", "series", "listed_on"], how="left")
    full = full.sort_values(["facility_key", "series", "listed_on"], ignore_index=True)
    told = ["refiner_id", "rmap_id", "name", "kind"]
    own = ["facility_key", "series"]
    full[told] = full.groupby(own)[told].ffill()
    full["status"] = full["status"].fillna(REMOVED)
    full["list_id"] = full["list_id"].fillna(full["list_named"])
    full["status_before"] = full.groupby(own)["status"].shift()
    is_change = full["status_before"].isna() | (full["status"] != full["status_before"])
    return typed(full[is_change].rename(columns={"listed_on": "changed_on"}), _CHANGES)


def coverage(
    listings: pd.DataFrame, refiners: pd.DataFrame, as_of: pd.Timestamp, since: int = 2019
) -> pd.DataFrame:
    """Return how many known facilities were assessed since the year `since`, by year and kind.

    listings: as for `status_changes`, with assessed_on (may be missing); rows listed after `as_of` are not
    read. refiners: refiner_id, rmap_id, name, country, kind: facilities known without a list, or beside it.

    One row for each year from `since` to that of `as_of` and each kind, those of unknown kind apart. Columns:
    year, kind, known, assessed (an assessment is dated from `since` to the end of the year, and by `as_of`),
    not_assessed (known without one as far as records show, whatever the status), share_pct (assessed of known;
    missing where none is known), undated (of the known: no record tells a day of any assessment). A facility
    is known from the year of its first list or assessment on; one that no list tells of is known in every
    year, for nothing says since when; one removed from a list stays known. The kind is that of the last list
    that tells it, else that of `refiners`. No interval: this counts all that is on record and is no sample.
    Raises ValueError as `status_changes` does, and for a year `since` after `as_of`.
    """
    if since > as_of.year:
        raise ValueError(f"{since} is after {as_of:%Y-%m-%d}; give an earlier year")
    known, dates = _facilities(listings, refiners, as_of)
    years = pd.DataFrame({"year": range(since, as_of.year + 1)})
    by_year = years.merge(known, how="cross")
    by_year = by_year[by_year["known_from"].fillna(since) <= by_year["year"]]
    done = dates.loc[dates["year"] >= since].groupby("facility_key")["year"].min()
    assessed_from = by_year["facility_key"].map(done.astype(float)).astype(float)
    by_year = by_year.assign(is_assessed=assessed_from <= by_year["year"])
    counts = by_year.groupby(["year", "kind"]).agg(
        known=("facility_key", "size"), assessed=("is_assessed", "sum"), undated=("is_undated", "sum")
    )
    every = pd.MultiIndex.from_product([years["year"], list(REFINER_KINDS)], names=["year", "kind"])
    found = counts.reindex(every, fill_value=0).reset_index()
    found["not_assessed"] = found["known"] - found["assessed"]
    share = 100 * found["assessed"].astype(float) / found["known"].where(found["known"] > 0)
    return typed(found.assign(share_pct=share), _COVERAGE)


def _identified(frame: pd.DataFrame) -> pd.DataFrame:
    """Return refiner_id, rmap_id, and name and country as words that can be compared."""
    name, country = (frame[column].astype(TEXT).str.strip().str.casefold() for column in ("name", "country"))
    return (
        frame[["refiner_id", "rmap_id"]].astype(TEXT).assign(words=name.str.cat(country.fillna(""), sep=", "))
    )


def _only(rows: pd.DataFrame, by: str, column: str) -> dict[str, str]:
    """Return the value of `column` for each value of `by` that has one only."""
    pairs = rows[[by, column]].dropna().drop_duplicates().drop_duplicates(by, keep=False)
    return dict(zip(pairs[by], pairs[column], strict=True))


def _mapped(values: pd.Series, known: dict[str, str]) -> pd.Series:
    return values.map(lambda value: known.get(value, pd.NA), na_action="ignore").astype(TEXT)


def _listed(listings: pd.DataFrame, refiners: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the rows with their series and facility_key, checked, in the order of their days."""
    beside = [] if refiners is None else [refiners]
    keys = facility_keys(listings, *beside)[0]
    rows = listings.assign(series=list_series(listings), facility_key=keys)
    rows["listed_on"] = pd.to_datetime(rows["listed_on"]).astype(DAY)
    known = list(REFINER_STATUSES)
    for is_wrong, problem, next_move in (
        (rows["listed_on"].isna(), "has no day of its list", "give listed_on"),
        (~rows["status"].isin(known), "has an unknown status", f"write one of {', '.join(known)}"),
        (rows["facility_key"].isna(), "names no facility", "give refiner_id, rmap_id or name"),
    ):
        if is_wrong.any():
            name = rows.loc[is_wrong, "listing_id"].iloc[0]
            raise ValueError(f"listing {name!r} {problem}; {next_move}")
    key = ["series", "listed_on", "facility_key"]
    twice = rows[rows.duplicated(key, keep=False)].sort_values([*key, "listing_id"])
    if len(twice):
        first, second = twice["listing_id"].iloc[:2]
        raise ValueError(
            f"listings {first!r} and {second!r} tell of {twice['facility_key'].iloc[0]!r} on one list; keep one"
        )
    return rows.sort_values(["listed_on", "series", "listing_id"], ignore_index=True)


def _facilities(
    listings: pd.DataFrame, refiners: pd.DataFrame, as_of: pd.Timestamp
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return facilities (facility_key, kind, known_from, is_undated) and years of their assessments."""
    rows = _listed(listings)
    rows = rows[rows["listed_on"] <= as_of]
    keys = facility_keys(rows, refiners)
    told = pd.concat(
        [
            refiners[["kind"]].assign(facility_key=keys[1], first=np.nan),
            rows[["kind"]].assign(facility_key=keys[0], first=rows["listed_on"].dt.year.astype(float)),
        ],
        ignore_index=True,
    )
    day = pd.to_datetime(rows["assessed_on"])
    dates = pd.DataFrame({"facility_key": keys[0], "year": day.dt.year})[(day <= as_of).to_numpy()]
    known = told[["facility_key"]].dropna().drop_duplicates().sort_values("facility_key", ignore_index=True)
    kinds = told[told["kind"].isin(list(REFINER_KINDS)) & (told["kind"] != "unknown")]
    kind = kinds.drop_duplicates("facility_key", keep="last").set_index("facility_key")["kind"]
    starts = pd.concat([told[["facility_key", "first"]], dates.rename(columns={"year": "first"})])
    start = starts.groupby("facility_key")["first"].min()
    return known.assign(
        kind=known["facility_key"].map(kind).astype(object).fillna("unknown"),
        known_from=known["facility_key"].map(start).astype(float),
        is_undated=~known["facility_key"].isin(dates["facility_key"]),
    ), dates
