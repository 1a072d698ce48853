"""Invented refiners, and what lists of facilities said of them over five years.

Countries have codes that the standard leaves to its users: none of them is a country. Ids are out of a range that
no list uses.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.training import names
from pipelines.training.columns import columns_of, iso_days, known_where
from pipelines.training.ground import Ground
from pipelines.training.quality import FIRST_DAY, LAST_DAY
from pipelines.training.sites import Sites

Ints = npt.NDArray[np.int64]

# Half of the fine and a quarter of the crude ones come to be assessed; that, and all other numbers here, are
# choices of this generator.
ROLES: Final = {
    "fine": {
        "assessed": 13,
        "cross_recognized": 2,
        "not_reported": 2,
        "not_listed": 1,
        "removed": 1,
        "lost": 1,
        "active": 2,
        "eligible": 3,
    },
    "crude": {
        "assessed": 4,
        "not_listed": 2,
        "not_reported": 1,
        "removed": 1,
        "lost": 1,
        "active": 2,
        "eligible": 4,
    },
}
# Facilities that lists know and nobody else: of a kind that is not told.
LISTED_ONLY: Final = 2
LIST_DAYS: Final = (
    *("2021-11-30", "2022-11-30", "2023-05-31", "2023-11-30", "2024-06-30"),
    *("2024-11-30", "2025-06-30", "2025-11-30", "2026-06-30"),
)
LIST_NAME: Final = "belt-facilities"
WORDS: Final = {
    "conformant": "Conformant",
    "active": "Active",
    "cross_recognized": "Cross-recognised",
    "eligible": "Eligible",
    "removed": "Removed",
    "not_reported": None,
}
_ABSENT: Final = ""
_FIRST_LISTS: Final = 5
_LAST_FIRST_DAY: Final = LAST_DAY - 240
_ACTIVE_BEFORE: Final = 365
_GRACE_DAYS: Final = 150
_FAILS: Final = 0.2
_LAPSES: Final = 0.25
_HAS_ID: Final = 0.8
_NAMES_OURS: Final = 0.85
_KIND_UNTOLD: Final = 0.25
_KIND_UNTOLD_LISTS: Final = 2
_HOME: Final = "XTA"
_ABROAD: Final = ("XTB", "XTC", "XTD", "XTE", "XTF")
_SUFFIXES: Final = {
    "crude": ("Hydroxide Works", "Treatment Plant", "Leach Works"),
    "fine": ("Cobalt Refinery", "Chemical Works", "Metals Refining", "Sulphate Works"),
}
_PRODUCTS: Final = {
    "crude": ("Co hydroxide", "Co hydroxide; Cu cathode"),
    "fine": ("Co metal", "Co sulphate", "Co oxide", "Co chemicals; precursor"),
}


@dataclass(frozen=True)
class Refiners:
    """Refiners: `frame` one row each (refiner_id or rmap_id, name, kind, country, role, cycle; those that only lists
    know come last, without refiner_id), `assessed` the days on which each was assessed, `status` (R, lists) what each
    list said: '' where it is not on it.
    """

    frame: pd.DataFrame
    assessed: tuple[Ints, ...]
    status: npt.NDArray[np.object_]

    def last_assessed(self, number: int, day: int) -> int | None:
        """Return the last day by `day` on which a refiner was assessed."""
        days = self.assessed[number][self.assessed[number] <= day]
        return int(days[-1]) if len(days) else None


def list_days() -> Ints:
    """Return the day of each list, from 1970."""
    return np.array([np.datetime64(day).astype(np.int64) for day in LIST_DAYS])


def make_refiners(rng: np.random.Generator, ground: Ground, sites: Sites) -> Refiners:
    """Return some forty refiners with what became of them; as many whatever the size of the edition."""
    kinds = [kind for kind, roles in ROLES.items() for count in roles.values() for _ in range(count)]
    roles = [role for roles in ROLES.values() for role, count in roles.items() for _ in range(count)]
    count = len(kinds) + LISTED_ONLY
    frame = pd.DataFrame(
        {
            "kind": [*kinds, *["fine"] * LISTED_ONLY],
            "role": [*roles, *["eligible"] * LISTED_ONLY],
            "cycle": np.arange(count) % 3 + 1,
        }
    )
    # Which is which tells nothing of what became of it.
    order = [*rng.permutation(len(kinds)), *range(len(kinds), count)]
    frame = frame.iloc[order].reset_index(drop=True)
    frame = frame.assign(**_identities(rng, ground, sites, frame))
    assessed = tuple(
        _assessed(rng, int(cycle)) if role == "assessed" else np.empty(0, dtype=np.int64)
        for role, cycle in zip(frame["role"], frame["cycle"], strict=True)
    )
    status = np.array(
        [
            _told(rng, str(role), int(cycle), days)
            for role, cycle, days in zip(frame["role"], frame["cycle"], assessed, strict=True)
        ],
        dtype=object,
    )
    return Refiners(frame, assessed, status)


def refiners_table(rng: np.random.Generator, ground: Ground, refiners: Refiners) -> pd.DataFrame:
    """Return the table `refiners`: those in the belt with a position, those abroad without."""
    frame = refiners.frame.dropna(subset="refiner_id")
    is_home = (frame["country"] == _HOME).to_numpy()
    town = ground.towns.iloc[rng.integers(len(ground.towns), size=len(frame))]
    last = refiners.status[: len(frame), -1]
    is_gone = (last == _ABSENT) & (frame["role"] != "not_listed").to_numpy()
    status = np.where(is_gone, "removed", np.where(last == _ABSENT, "not_listed", last))
    return columns_of(
        "refiners",
        {
            **frame[["refiner_id", "rmap_id", "name", "country", "kind"]],
            "role_reported": np.where(frame["kind"] == "crude", "treatment unit", "refiner"),
            "lon": pd.Series(town["lon"].to_numpy()).where(is_home),
            "lat": pd.Series(town["lat"].to_numpy()).where(is_home),
            "place_precision": np.where(is_home, "sector", "none"),
            "products": [_PRODUCTS[kind][k % len(_PRODUCTS[kind])] for k, kind in enumerate(frame["kind"])],
            "capacity_t": np.round(np.exp(rng.normal(8.3, 0.8, len(frame))), -2).astype(np.int64),
            "capacity_year": rng.integers(2021, 2027, len(frame)),
            "rmap_status": status,
            "rmap_status_reported": [WORDS.get(one) for one in status],
            "rmap_status_reported_on": LIST_DAYS[-1],
        },
    )


def statuses_table(rng: np.random.Generator, refiners: Refiners) -> pd.DataFrame:
    """Return the table `refiner_statuses`: one row a facility and list."""
    rows = pd.DataFrame(_listings(refiners))
    is_named = (rng.random(len(rows)) < _NAMES_OURS) | rows["rmap_id"].isna()
    is_early = (rows["list"] < _KIND_UNTOLD_LISTS) & (rng.random(len(rows)) < _KIND_UNTOLD)
    return columns_of(
        "refiner_statuses",
        {
            **rows.drop(columns=["list", "number"]),
            "refiner_id": rows["refiner_id"].where(is_named),
            "kind": rows["kind"].where(~is_early & rows["refiner_id"].notna(), "unknown"),
        },
    )


def _identities(
    rng: np.random.Generator, ground: Ground, sites: Sites, frame: pd.DataFrame
) -> dict[str, Any]:
    taken = {*ground.names, *sites.frame["name"], *sites.villages["name"], *sites.spots.ravel()}
    count = len(frame)
    called = names.toponyms(rng, count, taken)
    suffix = [_SUFFIXES[kind][k % len(_SUFFIXES[kind])] for k, kind in enumerate(frame["kind"])]
    abroad = rng.choice(_ABROAD, count)
    is_ours = np.arange(count) < count - LISTED_ONLY
    has_id = ~is_ours | (rng.random(count) < _HAS_ID)
    ours = known_where(is_ours, [f"ref-{name.lower()}" for name in called])
    numbers = 900_001 + rng.choice(90_000, count, replace=False)
    theirs = known_where(has_id, [f"CID{number}" for number in numbers])
    return {
        "refiner_id": ours,
        "rmap_id": theirs,
        "key": known_where(has_id, theirs, ours),
        "name": [f"{name} {word}" for name, word in zip(called, suffix, strict=True)],
        "country": np.where(frame["kind"] == "crude", _HOME, abroad),
    }


def _assessed(rng: np.random.Generator, cycle: int) -> Ints:
    """Return the days on which a refiner was assessed: once a cycle, until one is missed."""
    day = int(rng.integers(FIRST_DAY, _LAST_FIRST_DAY))
    days = []
    while day <= LAST_DAY:
        days.append(day)
        if rng.random() < _LAPSES:
            break
        day += cycle * 365 + int(rng.integers(-20, 60))
    return np.array(days, dtype=np.int64)


def _told(rng: np.random.Generator, role: str, cycle: int, assessed: Ints) -> list[str]:
    """Return what each list says of a refiner; '' where it is not on the list."""
    first = int(rng.integers(1, _FIRST_LISTS)) if rng.random() < 0.4 else 0
    if role == "not_listed":
        first = len(LIST_DAYS)
    leaves = int(rng.integers(_FIRST_LISTS + 1, len(LIST_DAYS))) if role in ("removed", "lost") else None
    begins = int(rng.integers(1, _FIRST_LISTS + 2))
    passes = 0 if rng.random() >= _FAILS else 1
    told = []
    for k, day in enumerate(list_days()):
        if k < first or (leaves is not None and k > leaves) or (role == "lost" and k == leaves):
            told.append(_ABSENT)
        elif k == leaves:
            told.append("removed")
        elif role == "assessed":
            told.append(_status_on(int(day), cycle, assessed, passes))
        elif role == "active":
            told.append("active" if k >= begins else "eligible")
        else:
            told.append(role if role in ("cross_recognized", "not_reported") else "eligible")
    return told


def _status_on(day: int, cycle: int, assessed: Ints, passes: int) -> str:
    """Return the status of an assessed refiner; the first `passes` assessments did not end well."""
    done = int((assessed <= day).sum())
    if done == 0:
        return "active" if day > assessed[0] - _ACTIVE_BEFORE else "eligible"
    is_current = day <= assessed[done - 1] + cycle * 365 + _GRACE_DAYS
    return "conformant" if done > passes and is_current else "active"


def _listings(refiners: Refiners) -> Iterator[dict[str, Any]]:
    """Yield each facility on each list, list by list."""
    facts = refiners.frame[["refiner_id", "rmap_id", "key", "name", "country", "kind", "cycle"]].to_dict(
        "records"
    )
    for k, day in enumerate(list_days()):
        for number, one in enumerate(facts):
            status = refiners.status[number, k]
            if status == _ABSENT:
                continue
            last = refiners.last_assessed(number, int(day))
            cycle = int(one["cycle"])
            due = None if last is None else last + cycle * 365
            list_id = f"{LIST_NAME}-{LIST_DAYS[k][:7]}"
            yield {
                **{name: one[name] for name in ("refiner_id", "rmap_id", "name", "country", "kind")},
                "listing_id": f"{list_id}-{one['key']}",
                "list_id": list_id,
                "listed_on": LIST_DAYS[k],
                "status": status,
                "status_reported": WORDS[status],
                "assessed_on": None if last is None else iso_days(np.array([last]))[0],
                "cycle_years": None if last is None else str(cycle),
                "next_due_on": None if due is None else iso_days(np.array([due]))[0],
                "list": k,
                "number": number,
            }
