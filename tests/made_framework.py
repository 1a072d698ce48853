"""A made framework of seven criteria, as the frames that a framework file gives."""

from __future__ import annotations

import pandas as pd

FRAMEWORK_ID = "made@2026.1"


def frameworks() -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "framework_id": FRAMEWORK_ID,
                "scheme": "made",
                "version": "2026.1",
                "standing": "illustrative",
                "title_en": "A made framework",
                "title_fr": "Un référentiel inventé",
                "publisher": "Nobody",
                "valid_from": pd.Timestamp("2026-01-01"),
                "valid_until": pd.NaT,
                "note_en": pd.NA,
                "note_fr": pd.NA,
                "licence": "CC0",
            }
        ]
    )


def framework_levels() -> pd.DataFrame:
    rows = [
        ("ENTRY", 1, "lets assessors in", "laisse entrer"),
        ("BASE", 2, "a safe baseline", "un socle sûr"),
    ]
    frame = pd.DataFrame(rows, columns=["level", "rank", "meaning_en", "meaning_fr"])
    return frame.assign(framework_id=FRAMEWORK_ID)


_ROWS = (
    # criterion, section, issue, kind, text, French, evidence
    ("GOV-01", "GOV", "place", "threshold", "The place is lawful", "Le lieu est légal", "map; title"),
    ("GOV-02", "GOV", "place", "management", "A channel for complaints", "Un canal de plaintes", None),
    ("WR-01", "WR", "age", "zero_tolerance", "Nobody under 18 works", "Personne de moins de 18 ans", "visit"),
    ("WR-02", "WR", "hours", "threshold", "60 hours a week at most", "60 heures par semaine au plus", "log"),
    ("OSH-01", "OSH", "pits", "threshold", "Pits of 10 m at most: ${x}", "Des puits de 10 m au plus", "tape"),
    ("OSH-02", "OSH", "pits", "progressive", "First aid", "Premiers secours", None),
    ("1.a_b", "OSH", "other", "management", "Another scheme's id", "L’identifiant d’un autre", None),
)
_MEASURED = {"WR-02": ("hours_per_week", "<=", 60.0, "h"), "OSH-01": ("pit_depth", "<=", 10.0, "m")}


def criteria() -> pd.DataFrame:
    rows = []
    for position, (criterion, section, issue, kind, text, french, evidence) in enumerate(_ROWS, start=1):
        metric, operator, value, unit = _MEASURED.get(criterion, (None, None, None, None))
        rows.append(
            {
                "framework_id": FRAMEWORK_ID,
                "criterion_id": criterion,
                "position": position,
                "section": section,
                "section_en": f"Section {section}",
                "section_fr": f"Chapitre {section}",
                "issue": issue,
                "issue_en": f"Issue {issue}",
                "issue_fr": f"Thème {issue}",
                "kind": kind,
                "level": "BASE",
                "weight": 1.0,
                "metric": metric,
                "operator": operator,
                "threshold_value": value,
                "unit": unit,
                "evidence_en": evidence,
                "evidence_fr": evidence,
                "needs_capital": False,
                "capital_en": None,
                "capital_fr": None,
                "category": None,
                "response_track": "improve",
                "text_en": text,
                "text_fr": french,
            }
        )
    return pd.DataFrame(rows).astype({"threshold_value": "Float64", "position": "Int64"})


def framework() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    return frameworks(), framework_levels(), criteria()
