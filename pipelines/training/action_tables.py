"""The tables of improvement actions: who answers for each, what it costs, how far it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.training.acting import (
    CANCELLED,
    DRAFT,
    IN_PROGRESS,
    NEVER,
    NEW,
    RESOLVED,
    STATUSES,
    UNDER_REVIEW,
    is_known,
    tracks,
)
from pipelines.training.assessing import Findings
from pipelines.training.columns import (
    Flags,
    Objects,
    columns_of,
    iso_days,
    known_where,
    opaque_ids,
    yes_or_no,
)
from pipelines.training.frameworks import Version
from pipelines.training.progress_phrases import OTHER, notes, titles
from pipelines.training.quality import LAST_DAY, Quality
from pipelines.training.sites import Sites
from risk.progress_words import PARTY_KINDS

Ints = npt.NDArray[np.int64]

# All shares of this module are choices of this generator. Who mostly answers for it, and who else may.
_RESPONSIBLE: Final[Mapping[str, tuple[str, str]]] = {
    "CHL": ("cooperative", "government"),
    "FOR": ("site_operator", "cooperative"),
    "SGB": ("cooperative", "programme"),
    "VIO": ("site_operator", "title_holder"),
    "NSA": ("cooperative", "government"),
    "COR": ("cooperative", "government"),
    "TRC": ("buyer", "cooperative"),
    "LGL": ("title_holder", "government"),
    "OSH": ("site_operator", "cooperative"),
    "LAB": ("cooperative", "buyer"),
    "ENV": ("site_operator", "title_holder"),
    "COM": ("title_holder", "community"),
    "": ("cooperative", "site_operator"),
}
_MOSTLY: Final = 0.6
_SOMEBODY_ELSE: Final = 0.15
_SUPPORTERS: Final = {
    "programme": 0.33,
    "buyer": 0.15,
    "government": 0.10,
    "title_holder": 0.08,
    "community": 0.06,
    "": 0.28,
}
_COSTS: Final = {"none": 0.45, "under_1k": 0.30, "1k_10k": 0.15, "not_known": 0.10}
_COSTS_OF_CAPITAL: Final = {"1k_10k": 0.20, "10k_100k": 0.45, "over_100k": 0.20, "not_known": 0.15}
_FUNDING: Final = ("unfunded", "partly_funded", "funded")
# Of actions that cost something, by status: the chance of each of _FUNDING.
_FUNDED: Final = {
    DRAFT: (0.75, 0.15, 0.10),
    NEW: (0.70, 0.20, 0.10),
    IN_PROGRESS: (0.30, 0.35, 0.35),
    UNDER_REVIEW: (0.05, 0.20, 0.75),
    RESOLVED: (0.03, 0.12, 0.85),
    CANCELLED: (0.75, 0.15, 0.10),
}
_PRIORITIES: Final = {
    "immediate": {"high": 1.0},
    "mitigate": {"high": 0.5, "medium": 0.5},
    "improve": {"high": 0.1, "medium": 0.5, "low": 0.4},
}
_VERIFIED: Final = {"on_site": 0.5, "on_paper": 0.35, "not_verified": 0.15}
_FRENCH_CHANCE: Final = 0.85
_REASON_CHANCE: Final = 0.7


def actions_table(
    rng: np.random.Generator,
    sites: Sites,
    quality: Quality,
    versions: Sequence[Version],
    findings: Findings,
    actions: pd.DataFrame,
) -> pd.DataFrame:
    """Return the table `improvement_actions`."""
    count, line = len(actions), actions["line"].to_numpy()
    status = actions["status"].to_numpy()
    responsible, supporter = _parties(rng, versions, line)
    cost = _costs(rng, versions, line)
    verification, verified = _verified(rng, actions)
    french = known_where(rng.random(count) < _FRENCH_CHANCE, action_titles(versions, line, "fr"))
    names = "reg-" + sites.frame["site"].to_numpy(dtype=object)
    return columns_of(
        "improvement_actions",
        {
            "action_id": actions["action_id"],
            "site_record_id": names[quality.site[actions["which"]]],
            "finding_id": np.array([*findings.ids, None], dtype=object)[actions["finding"].to_numpy()],
            "title_en": action_titles(versions, line, "en"),
            "title_fr": french,
            "responsible": responsible,
            "supporter": supporter,
            "cost_band": cost,
            "funding_status": _funding(rng, status, cost),
            "priority": _priorities(rng, tracks(versions, line)),
            "started_on": known_days(actions["started"].to_numpy()),
            "due_on": known_days(actions["due"].to_numpy()),
            "progress_pct": _progress(rng, status),
            "status": STATUSES[status],
            "verification": verification,
            "verified_on": known_days(verified),
            "resolved_on": known_days(actions["resolved"].to_numpy()),
            "public_record": yes_or_no(actions["is_public"].to_numpy()),
        },
    )


def extensions_table(
    rng: np.random.Generator, actions: pd.DataFrame, extensions: pd.DataFrame
) -> pd.DataFrame:
    """Return the table `action_extensions`."""
    count = len(extensions)
    return columns_of(
        "action_extensions",
        {
            "extension_id": opaque_ids("ext-", count),
            "action_id": actions["action_id"].to_numpy()[extensions["action"]],
            "extended_on": iso_days(extensions["extended"].to_numpy()),
            "due_on": iso_days(extensions["due"].to_numpy()),
            "reason": known_where(rng.random(count) < _REASON_CHANCE, rng.choice(notes("extensions"), count)),
        },
    )


def action_titles(versions: Sequence[Version], line: npt.NDArray[np.intp], language: str) -> Objects:
    """Return the title of an action for each criterion in `line`; −1 is of none."""
    column = ("en", "fr").index(language)
    known = [titles()[one][column] for version in versions for one in version.criteria["criterion_id"]]
    return np.array([*known, titles()[OTHER][column]], dtype=object)[line]


def known_days(days: Ints) -> Objects:
    """Return days as text, blank where there is none."""
    has_day = is_known(days)
    return known_where(has_day, iso_days(np.where(has_day, days, 0)))


def _drawn(rng: np.random.Generator, shares: Mapping[str, float], count: int) -> Objects:
    words = np.array([word or None for word in shares], dtype=object)
    return np.asarray(words[rng.choice(len(words), count, p=list(shares.values()))])


def _parties(
    rng: np.random.Generator, versions: Sequence[Version], line: npt.NDArray[np.intp]
) -> tuple[Objects, Objects]:
    """Return who answers for each action, and who supports it, never the same."""
    known = [one for version in versions for one in version.criteria["category"]]
    pairs = [_RESPONSIBLE[one if isinstance(one, str) else ""] for one in (*known, None)]
    both = np.array(pairs, dtype=object)[line]
    luck = rng.random(len(line))
    responsible = np.where(luck < _MOSTLY, both[:, 0], both[:, 1])
    other = rng.choice(np.array(list(PARTY_KINDS), dtype=object), len(line))
    responsible = np.where(luck > 1 - _SOMEBODY_ELSE, other, responsible)
    supporter = _drawn(rng, _SUPPORTERS, len(line))
    return responsible, known_where(supporter != responsible, supporter)


def _costs(rng: np.random.Generator, versions: Sequence[Version], line: npt.NDArray[np.intp]) -> Objects:
    known: list[Any] = [one for version in versions for one in version.criteria["needs_capital"]]
    needs_capital = np.array([*known, True], dtype=bool)[line]
    plain, capital = (_drawn(rng, shares, len(line)) for shares in (_COSTS, _COSTS_OF_CAPITAL))
    return np.asarray(np.where(needs_capital, capital, plain))


def _funding(rng: np.random.Generator, status: Ints, cost: Objects) -> Objects:
    ends = np.cumsum([_FUNDED[one] for one in range(len(STATUSES))], axis=1)
    number = (rng.random(len(status))[:, None] > ends[status]).sum(axis=1).clip(max=len(_FUNDING) - 1)
    found = np.array(_FUNDING, dtype=object)[number]
    return np.asarray(np.where(cost == "none", "not_needed", found))


def _priorities(rng: np.random.Generator, track: Objects) -> Objects:
    found = np.full(len(track), "", dtype=object)
    for one, shares in _PRIORITIES.items():
        drawn = _drawn(rng, shares, len(track))
        found[track == one] = drawn[track == one]
    return found


def _progress(rng: np.random.Generator, status: Ints) -> Ints:
    """Return how far each action is, in steps of five per cent."""
    share = rng.random(len(status))
    far = np.select(
        [status == RESOLVED, status == UNDER_REVIEW, status == IN_PROGRESS, status == CANCELLED],
        [np.ones(len(status)), 0.9 + share * 0.1, 0.05 + share * 0.8, share * 0.6],
        0.0,
    )
    return np.asarray(np.round(far * 20) * 5, dtype=np.int64)


def _verified(rng: np.random.Generator, actions: pd.DataFrame) -> tuple[Objects, Ints]:
    """Return how each action was verified, and the day, from the last weeks before it was resolved."""
    is_resolved: Flags = (actions["status"] == RESOLVED).to_numpy()
    how = np.where(is_resolved, _drawn(rng, _VERIFIED, len(actions)), "not_verified").astype(object)
    day = np.maximum(
        actions["resolved"].to_numpy() - rng.integers(0, 21, len(actions)), actions["started"].to_numpy()
    )
    return how, np.where(how == "not_verified", NEVER, np.minimum(day, LAST_DAY))
