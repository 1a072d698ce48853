"""What becomes of findings: actions and their days, what was gained and lost, and what needs money.

Whether an action is overdue follows from its days and its status and is never kept in a file. What was lost
between two assessments is told by the same rule as what was gained.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from risk.findings import checked_results, scheme_of
from risk.frames import DAY, FLAG, NUMBER, TEXT, WHOLE, days_between, typed
from risk.progress_words import ACTION_STATUSES
from risk.texts import mark

OPEN_STATUSES: Final = frozenset({"new", "in_progress", "under_review"})

FINDING_CHANGES: Final[dict[str, str]] = {
    "gained": mark("gained since the assessment before"),
    "lost": mark("lost since the assessment before"),
    "kept_met": mark("still met"),
    "kept_unmet": mark("still not met, or no more than partly"),
    "newly_assessed": mark("newly assessed"),
    "no_longer_assessed": mark("no longer assessed"),
    "not_comparable": mark("not comparable: the criterion has changed"),
}

_STATES: Final = {
    "action_id": TEXT,
    "due_now_on": DAY,
    "is_open": FLAG,
    "is_overdue": FLAG,
    "days_left": WHOLE,
    "days_to_resolve": WHOLE,
    "extensions": WHOLE,
}
_CHANGES: Final = {
    "site_id": TEXT,
    "scheme": TEXT,
    "criterion_id": TEXT,
    "section": TEXT,
    "framework_id_before": TEXT,
    "framework_id": TEXT,
    "assessment_id_before": TEXT,
    "assessment_id": TEXT,
    "assessed_before_on": DAY,
    "assessed_on": DAY,
    "result_before": TEXT,
    "result": TEXT,
    "change": TEXT,
}
_NEEDS: Final = {
    "site_id": TEXT,
    "framework_id": TEXT,
    "criterion_id": TEXT,
    "section": TEXT,
    "assessment_id": TEXT,
    "finding_id": TEXT,
    "assessed_on": DAY,
    "result": TEXT,
    "capital_en": TEXT,
    "capital_fr": TEXT,
    "has_action": FLAG,
    "action_ids": TEXT,
    "cost_bands": TEXT,
    "funding_status": TEXT,
}
# What a criterion asks: where any of these differs, another question was answered.
_MEANING: Final = ("text_en", "text_fr", "metric", "operator", "threshold_value", "unit")
# From least to most funded; an action that needs no money says nothing of the money that is needed.
_LEAST_FUNDED: Final = ("unfunded", "partly_funded", "funded", "not_needed")
_SHARES: Final = {"met": 1.0, "partial": 0.5, "not_met": 0.0}


def action_states(actions: pd.DataFrame, extensions: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return how each action stands on the day `as_of`, one row an action, sorted by id.

    actions: action_id, status, started_on, due_on, resolved_on (days may be missing). extensions: action_id,
    extended_on, due_on (the new due day); those made after `as_of` are not read, the last made stands, and of
    two on one day the later due day.

    Columns: action_id, due_now_on (missing where no day was ever set), is_open (new, in progress or under
    review), is_overdue (open and due before `as_of`), days_left (to due_now_on, below 0 when overdue; missing
    unless open and due), days_to_resolve (from started_on to resolved_on; missing unless resolved and both
    days are known), extensions (how many). Raises ValueError for an action given twice, an unknown status, an
    action resolved before it started, and an extension without a day or of an action that is not there.

    >>> one = pd.DataFrame({"action_id": ["a"], "status": ["new"], "started_on": [pd.NaT],
    ...     "due_on": pd.to_datetime(["2026-10-01"]), "resolved_on": pd.to_datetime([None])})
    >>> none = pd.DataFrame({"action_id": [], "extended_on": [], "due_on": []})
    >>> action_states(one, none, pd.Timestamp("2026-11-01"))[["is_overdue", "days_left"]].values.tolist()
    [[True, -31]]
    """
    known = actions.sort_values("action_id", ignore_index=True)
    _check_actions(known)
    made = _checked_extensions(extensions, known, as_of)
    last = made.drop_duplicates("action_id", keep="last").set_index("action_id")["due_on"]
    ids = known["action_id"].astype(TEXT)
    first_due, started, resolved = (
        pd.to_datetime(known[name]).astype(DAY) for name in ("due_on", "started_on", "resolved_on")
    )
    due = last.reindex(ids).reset_index(drop=True).fillna(first_due)
    is_open = known["status"].isin(OPEN_STATUSES)
    took = days_between(resolved, started).where(known["status"] == "resolved")
    if (took < 0).any():
        name = ids[(took < 0).fillna(False).to_numpy(dtype=bool)].iloc[0]
        raise ValueError(f"action {name!r} was resolved before it started; correct started_on or resolved_on")
    found = known.assign(
        due_now_on=due,
        is_open=is_open,
        is_overdue=is_open & (due < as_of),
        days_left=days_between(due, as_of).where(is_open),
        days_to_resolve=took,
        extensions=made["action_id"].value_counts().reindex(ids, fill_value=0).to_numpy(),
    )
    return typed(found, _STATES)


def finding_changes(
    criteria: pd.DataFrame, assessments: pd.DataFrame, findings: pd.DataFrame
) -> pd.DataFrame:
    """Return what changed from each assessment of a site to its next one under the same scheme.

    criteria: framework_id, criterion_id, section, text_en, text_fr, metric, operator, threshold_value, unit.
    assessments: assessment_id, site_id, framework_id ('scheme@version'), assessed_on; those without a site
    are left out. findings: assessment_id, criterion_id, result.

    One row a pair of successive assessments and criterion assessed in either, sorted by site, scheme, day and
    criterion. Columns: site_id, scheme, criterion_id, section, framework_id_before, framework_id,
    assessment_id_before, assessment_id, assessed_before_on, assessed_on, result_before, result
    ('not_assessed' where there is no finding), and change (`FINDING_CHANGES`): gained (a higher r, of 1 met,
    0.5 partly, 0 not met), lost (a lower one: from met to partly met too), kept_met, kept_unmet,
    newly_assessed and no_longer_assessed (from or to `na` and not assessed, or a criterion that one version
    does not have), not_comparable (both versions have the id, but its text or threshold differs). Raises
    ValueError for a day that is missing, and for two assessments of a site under one scheme on one day:
    nobody could tell what was gained from what was lost.
    """
    pairs = _pairs(assessments)
    checked_results(findings)
    told = findings.loc[findings["result"] != "not_assessed", ["assessment_id", "criterion_id", "result"]]
    now = pairs[["pair", "assessment_id"]].merge(told, on="assessment_id")
    before = pairs[["pair", "assessment_id_before"]].merge(
        told.rename(columns={"assessment_id": "assessment_id_before", "result": "result_before"}),
        on="assessment_id_before",
    )
    key = ["pair", "criterion_id"]
    both = now[[*key, "result"]].merge(before[[*key, "result_before"]], on=key, how="outer")
    both = both.fillna({"result": "not_assessed", "result_before": "not_assessed"})
    both = both[both["result"].isin(_SHARES) | both["result_before"].isin(_SHARES)]
    both = _with_meaning(both.merge(pairs, on="pair"), criteria)
    both["change"] = _changes(both)
    order = ["site_id", "scheme", "assessed_on", "criterion_id"]
    return typed(both.sort_values(order), _CHANGES)


def latest_findings(assessments: pd.DataFrame, findings: pd.DataFrame) -> pd.DataFrame:
    """Return the last finding of each criterion at each site under each scheme, with its assessment's columns.

    assessments: assessment_id, site_id, framework_id, assessed_on; findings: finding_id, assessment_id,
    criterion_id, result. A criterion that a later assessment passed over keeps its finding from before; one
    found `na` later does not. Adds scheme. Of two assessments on one day the one with the later id stands.
    """
    done = assessments[["assessment_id", "site_id", "framework_id", "assessed_on"]].dropna(subset="site_id")
    rows = findings[["finding_id", "assessment_id", "criterion_id", "result"]]
    rows = rows[rows["result"] != "not_assessed"].merge(done, on="assessment_id")
    rows = rows.assign(scheme=scheme_of(rows["framework_id"]))
    rows = rows.sort_values(["assessed_on", "assessment_id"])
    return rows.drop_duplicates(["site_id", "scheme", "criterion_id"], keep="last", ignore_index=True)


def capital_needs(
    criteria: pd.DataFrame, assessments: pd.DataFrame, findings: pd.DataFrame, actions: pd.DataFrame
) -> pd.DataFrame:
    """Return each criterion that needs money to be met and is not met, or partly only, by site and criterion.

    criteria: framework_id, criterion_id, section, needs_capital, capital_en, capital_fr. assessments and
    findings: all there are, as for `latest_findings`; the last finding of a criterion says whether it is met,
    and an action counts whichever finding of the criterion at the site it followed from. actions: action_id,
    finding_id, status, cost_band, funding_status, resolved_on.

    Columns: site_id, framework_id, criterion_id, section, assessment_id, finding_id, assessed_on, result,
    capital_en, capital_fr (what it would take), has_action, action_ids and cost_bands ('; '-separated, in the
    same order), funding_status (of the least funded of them; 'not_needed' only where all say so; missing
    where there is no action). A cancelled action is none, nor one resolved on or before the day of the
    finding, which saw that it was not enough.
    """
    latest = latest_findings(assessments, findings)
    asked = criteria.loc[
        criteria["needs_capital"].fillna(False).astype(bool),
        ["framework_id", "criterion_id", "section", "capital_en", "capital_fr"],
    ]
    needs = latest[latest["result"].isin(["partial", "not_met"])].merge(
        asked, on=["framework_id", "criterion_id"]
    )
    key = ["site_id", "scheme", "criterion_id"]
    needs = needs.sort_values(["site_id", "criterion_id", "scheme"], ignore_index=True)
    found = _live_actions(needs[[*key, "assessed_on"]], assessments, findings, actions).groupby(key)
    by_need = pd.DataFrame(
        {
            "action_ids": found["action_id"].agg("; ".join),
            "cost_bands": found["cost_band"].agg("; ".join),
            "funding_number": found["funding_number"].min(),
        }
    ).reset_index()
    needs = needs.merge(by_need.astype({name: needs[name].dtype for name in key}), on=key, how="left")
    return typed(
        needs.assign(
            has_action=needs["action_ids"].notna(),
            funding_status=needs["funding_number"].map(dict(enumerate(_LEAST_FUNDED))),
        ),
        _NEEDS,
    )


def _check_actions(actions: pd.DataFrame) -> None:
    twice = actions[actions.duplicated("action_id")]
    if len(twice):
        raise ValueError(f"action {twice.iloc[0]['action_id']!r} is there twice; keep one row")
    odd = actions[~actions["status"].isin(list(ACTION_STATUSES))]
    if len(odd):
        row = odd.iloc[0]
        raise ValueError(
            f"action {row['action_id']!r} has the status {row['status']!r}; "
            f"write one of {', '.join(ACTION_STATUSES)}"
        )


def _checked_extensions(extensions: pd.DataFrame, actions: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return the extensions made by `as_of`, the standing one of an action last."""
    made = extensions.assign(
        action_id=extensions["action_id"].astype(TEXT),
        extended_on=pd.to_datetime(extensions["extended_on"]).astype(DAY),
        due_on=pd.to_datetime(extensions["due_on"]).astype(DAY),
    )
    strange = made[~made["action_id"].isin(actions["action_id"])]
    if len(strange):
        name = strange.iloc[0]["action_id"]
        raise ValueError(f"an extension is of action {name!r}, which is not there; add it or correct the id")
    undated = made[made[["extended_on", "due_on"]].isna().any(axis=1)]
    if len(undated):
        name = undated.iloc[0]["action_id"]
        raise ValueError(f"an extension of action {name!r} lacks a day; give extended_on and due_on")
    return made[made["extended_on"] <= as_of].sort_values(["action_id", "extended_on", "due_on"])


def _pairs(assessments: pd.DataFrame) -> pd.DataFrame:
    """Return each assessment that has one before it at its site under its scheme, with that one; by number."""
    done = assessments[["assessment_id", "site_id", "framework_id", "assessed_on"]].dropna(subset="site_id")
    if done["assessed_on"].isna().any():
        name = done.loc[done["assessed_on"].isna(), "assessment_id"].iloc[0]
        raise ValueError(f"assessment {name!r} has no day; give assessed_on")
    done = done.assign(scheme=scheme_of(done["framework_id"]))
    order = ["site_id", "scheme", "assessed_on"]
    done = done.sort_values([*order, "assessment_id"], ignore_index=True)
    same = done[done.duplicated(order, keep=False)]
    if len(same):
        first, second = same["assessment_id"].iloc[:2]
        raise ValueError(
            f"assessments {first!r} and {second!r} are of one site, scheme and day, so that nobody can tell "
            "which came first; correct assessed_on or keep one"
        )
    earlier = done.groupby(["site_id", "scheme"]).shift()
    done["assessment_id_before"] = earlier["assessment_id"]
    done["framework_id_before"] = earlier["framework_id"]
    done["assessed_before_on"] = earlier["assessed_on"]
    return done.assign(pair=np.arange(len(done))).dropna(subset="assessment_id_before")


def _with_meaning(rows: pd.DataFrame, criteria: pd.DataFrame) -> pd.DataFrame:
    """Return `rows` with the section, and whether both versions have the criterion and ask another thing."""
    asked = criteria[["framework_id", "criterion_id", "section"]].assign(
        meaning=criteria.groupby(["criterion_id", *_MEANING], dropna=False).ngroup().astype(NUMBER)
    )
    earlier = asked.rename(columns=lambda name: name if name == "criterion_id" else f"{name}_before")
    rows = rows.merge(asked, on=["framework_id", "criterion_id"], how="left")
    rows = rows.merge(earlier, on=["framework_id_before", "criterion_id"], how="left")
    return rows.assign(
        section=rows["section"].fillna(rows["section_before"]),
        is_altered=(rows["meaning"] != rows["meaning_before"]).fillna(False).astype(bool),
    )


def _changes(rows: pd.DataFrame) -> np.ndarray:
    r_before, r = (rows[name].map(_SHARES).astype(float) for name in ("result_before", "result"))
    return np.select(
        [rows["is_altered"], r_before.isna(), r.isna(), r > r_before, r < r_before, r == 1.0],
        [
            "not_comparable",
            "newly_assessed",
            "no_longer_assessed",
            "gained",
            "lost",
            "kept_met",
        ],
        default="kept_unmet",
    ).astype(object)


def _live_actions(
    needs: pd.DataFrame, assessments: pd.DataFrame, findings: pd.DataFrame, actions: pd.DataFrame
) -> pd.DataFrame:
    """Return the actions that may yet answer a need, one row a need and action, by action id."""
    schemes = assessments[["assessment_id", "site_id"]].assign(scheme=scheme_of(assessments["framework_id"]))
    origins = findings[["finding_id", "assessment_id", "criterion_id"]].merge(schemes, on="assessment_id")
    told = ["action_id", "finding_id", "status", "cost_band", "funding_status", "resolved_on"]
    rows = actions.loc[actions["status"] != "cancelled", told].merge(origins, on="finding_id")
    rows = rows.merge(needs, on=["site_id", "scheme", "criterion_id"])
    is_past = (rows["status"] == "resolved") & (rows["resolved_on"] <= rows["assessed_on"])
    order = {status: number for number, status in enumerate(_LEAST_FUNDED)}
    rows = rows.assign(funding_number=rows["funding_status"].map(order))
    return rows[~is_past.fillna(False).astype(bool)].sort_values("action_id")
