"""The written truth of progress: which sites improve, which reports are wrong, which allegations are true."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipelines.training.acting import RESOLVED
from pipelines.training.action_tables import known_days
from pipelines.training.assessing import Assessments, Findings
from pipelines.training.columns import iso_days, known_where, yes_or_no
from pipelines.training.frameworks import Version
from pipelines.training.plants import QUARTER_STARTS
from pipelines.training.quality import (
    FIRST_DAY,
    LAST_DAY,
    MET,
    NOT_MET,
    PARTIAL,
    RESULTS,
    Quality,
    results_of,
)
from pipelines.training.refining import LIST_DAYS, Refiners
from pipelines.training.sites import Sites


def site_progress(sites: Sites, quality: Quality, done: Assessments) -> pd.DataFrame:
    """Return one row an assessed site: its course, and its quality at the ends and at its assessments."""
    which = np.arange(len(quality.site))
    days = pd.Series(done.day).groupby(done.which).agg(["size", "min", "max"]).reindex(which)
    first, last = days["min"].to_numpy(), days["max"].to_numpy()
    site = sites.frame["site"].to_numpy(dtype=object)[quality.site]
    return pd.DataFrame(
        {
            "site": site,
            "register_record": "reg-" + site,
            "course": quality.courses(),
            "quality_first_day": np.round(quality.at(which, np.full(len(which), FIRST_DAY)), 3),
            "quality_last_day": np.round(quality.at(which, np.full(len(which), LAST_DAY)), 3),
            "change_a_year": np.round(quality.yearly, 3),
            "setback_on": known_where(quality.setback > 0, iso_days(quality.setback_day)),
            "setback": known_where(quality.setback > 0, np.round(quality.setback, 3)),
            "assessments": days["size"].to_numpy(),
            "first_assessed_on": iso_days(first),
            "last_assessed_on": iso_days(last),
            "quality_first_assessed": np.round(quality.at(which, first), 3),
            "quality_last_assessed": np.round(quality.at(which, last), 3),
        }
    )


def site_quality(sites: Sites, quality: Quality, versions: Sequence[Version]) -> pd.DataFrame:
    """Return one row an assessed site and quarter: its quality then, and how many criteria it truly meets."""
    latest = quality.numbers(versions[-1])
    days = [np.datetime64(start).astype(np.int64) for start in QUARTER_STARTS]
    which, site = np.arange(len(quality.site)), sites.frame["site"].to_numpy(dtype=object)[quality.site]
    parts = []
    for start, day in zip(QUARTER_STARTS, days, strict=True):
        now = quality.at(which, np.full(len(which), day))
        true = results_of(
            now[:, None] + quality.own[:, latest], quality.is_strict[latest], quality.is_na[:, latest]
        )
        counts = {str(RESULTS[code]): (true == code).sum(axis=1) for code in (MET, PARTIAL, NOT_MET)}
        parts.append(
            pd.DataFrame(
                {"site": site, "quarter_start": start.isoformat(), "quality": np.round(now, 3)} | counts
            )
        )
    return pd.concat(parts).sort_values(["site", "quarter_start"], ignore_index=True)


def assessment_truth(sites: Sites, quality: Quality, done: Assessments, findings: Findings) -> pd.DataFrame:
    """Return one row an assessment: the quality on its day, and how many of its findings differ from the truth."""
    site = sites.frame["site"].to_numpy(dtype=object)[quality.site[done.which]]
    is_assessed = findings.found <= NOT_MET
    is_flattering = is_assessed & (findings.found == MET) & (findings.true != MET)
    is_harsh = is_assessed & (findings.found != MET) & (findings.true == MET)
    counts = (
        np.bincount(findings.assessment[rows], minlength=len(done))
        for rows in (is_assessed, is_flattering, is_harsh)
    )
    assessed, flattering, harsh = counts
    return pd.DataFrame(
        {
            "assessment_id": done.ids,
            "site": site,
            "assessed_on": iso_days(done.day),
            "quality": np.round(quality.at(done.which, done.day), 3),
            "is_wrong": yes_or_no(done.is_wrong),
            "assessed": assessed,
            "wrongly_met": flattering,
            "wrongly_unmet": harsh,
            "is_public_record": yes_or_no(done.is_public),
        }
    )


def finding_truth(findings: Findings) -> pd.DataFrame:
    """Return one row a finding: what was truly so on that day, whatever was found."""
    return pd.DataFrame({"finding_id": findings.ids, "true_result": RESULTS[findings.true]})


def action_truth(sites: Sites, quality: Quality, actions: pd.DataFrame) -> pd.DataFrame:
    """Return one row an action: whether, and from when on, what it is for is truly so."""
    criteria = np.array([*quality.criteria, None], dtype=object)
    met_from = actions["met_from"].to_numpy()
    is_done = actions["is_truly_done"].to_numpy()
    is_false = (actions["status"] == RESOLVED).to_numpy() & ~is_done
    return pd.DataFrame(
        {
            "action_id": actions["action_id"],
            "site": sites.frame["site"].to_numpy(dtype=object)[quality.site[actions["which"]]],
            "criterion_id": criteria[actions["criterion"].to_numpy()],
            "is_truly_done": yes_or_no(is_done),
            "met_from": known_days(met_from),
            "is_falsely_resolved": yes_or_no(is_false),
            "is_public_record": yes_or_no(actions["is_public"].to_numpy()),
        }
    )


def refiner_truth(refiners: Refiners) -> pd.DataFrame:
    """Return one row a facility: its kind, what became of it, and the days of its assessments."""
    frame = refiners.frame
    days = ["; ".join(iso_days(one)) if len(one) else None for one in refiners.assessed]
    on_list = refiners.status != ""
    # The first list after its last one, where it stood on any and not on the last.
    last = on_list.shape[1] - 1 - on_list[:, ::-1].argmax(axis=1)
    is_lost = on_list.any(axis=1) & (last < len(LIST_DAYS) - 1)
    after = np.array([*LIST_DAYS[1:], None], dtype=object)[last]
    is_told = (refiners.status == "removed").any(axis=1)
    gone = np.where(is_told, np.array(LIST_DAYS, dtype=object)[last], after)
    return pd.DataFrame(
        {
            **frame[["refiner_id", "rmap_id", "name", "kind", "role"]],
            "assessed_on": days,
            "removed_on": known_where(is_lost | is_told, gone),
        }
    )


def grievance_truth(grievances: pd.DataFrame) -> pd.DataFrame:
    """Return one row a grievance: whether it is true, the day it is about, and where that day truly lies."""
    columns = ["grievance_id", "entity_kind", "entity_id"]
    return pd.DataFrame(
        {
            **grievances[columns],
            "is_true": yes_or_no(grievances["is_true"].to_numpy()),
            "about_day": iso_days(grievances["event"].to_numpy()),
            "placement": grievances["placement"],
            "time_told": grievances["time"],
            "is_public_record": yes_or_no(grievances["is_public"].to_numpy()),
        }
    )
