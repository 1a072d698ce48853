"""All that is told of progress: assessments, actions, refiners, grievances, and the truth about them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipelines.training import progress_answers as answers
from pipelines.training.acting import make_actions, make_extensions
from pipelines.training.action_tables import actions_table, extensions_table
from pipelines.training.assessing import (
    assessments_table,
    findings_table,
    make_assessments,
    make_findings,
)
from pipelines.training.complaining import entities, make_grievances, make_steps
from pipelines.training.frameworks import Version
from pipelines.training.grievance_tables import grievances_table, steps_table
from pipelines.training.ground import Ground
from pipelines.training.quality import make_quality
from pipelines.training.refining import make_refiners, refiners_table, statuses_table
from pipelines.training.restricting import Restricted
from pipelines.training.sites import Sites
from pipelines.training.truth import Truth

# Streams of chance: quality and assessments, findings, actions, refiners, grievances.
STREAMS = 5
Tables = dict[str, pd.DataFrame]


def make_progress(
    chances: Sequence[np.random.Generator],
    size: float,
    ground: Ground,
    sites: Sites,
    truth: Truth,
    restricted: Restricted,
    versions: Sequence[Version],
) -> tuple[Tables, Tables]:
    """Return the tables of progress and the tables of their truth, by the names of their files."""
    of_sites, of_findings, of_actions, of_refiners, of_grievances = chances
    quality = make_quality(of_sites, sites, truth, versions)
    done = make_assessments(of_sites, sites, quality, versions, restricted)
    findings = make_findings(of_findings, quality, versions, done)
    actions = make_actions(of_actions, quality, versions, done, findings, restricted)
    extensions = make_extensions(of_actions, actions)
    refiners = make_refiners(of_refiners, ground, sites)
    known = entities(ground, sites, quality, done, refiners, restricted)
    grievances = make_grievances(of_grievances, size, known)
    steps = make_steps(of_grievances, grievances)
    tables = {
        "assessments": assessments_table(of_sites, sites, quality, versions, done),
        "findings": findings_table(of_findings, versions, done, findings),
        "improvement_actions": actions_table(of_actions, sites, quality, versions, findings, actions),
        "action_extensions": extensions_table(of_actions, actions, extensions),
        "refiners": refiners_table(of_refiners, ground, refiners),
        "refiner_statuses": statuses_table(of_refiners, refiners),
        "grievances": grievances_table(of_grievances, grievances),
        "grievance_steps": steps_table(of_grievances, grievances, steps),
    }
    told = {
        "site_progress": answers.site_progress(sites, quality, done),
        "site_quality": answers.site_quality(sites, quality, versions),
        "assessments": answers.assessment_truth(sites, quality, done, findings),
        "findings": answers.finding_truth(findings),
        "actions": answers.action_truth(sites, quality, actions),
        "refiners": answers.refiner_truth(refiners),
        "grievances": answers.grievance_truth(grievances),
    }
    return tables, told
