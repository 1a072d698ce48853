"""Contracts of the frameworks that sites are assessed against: versions, their levels, criteria, alignments.

Versions of one framework, and frameworks of several publishers, stand side by side, each with its days.
"""

from __future__ import annotations

from typing import Final

from risk import progress_words as words
from risk.categories import CATEGORIES
from warehouse.columns import Day, Flag, Number, Table, Text, Whole, codes, column, optional

FRAMEWORK_ID: Final = r"^[A-Za-z0-9][\w.-]*@[\w.-]+$"
# Also the name of a question in a form, which cannot begin with a digit or hold a blank.
CRITERION_ID: Final = r"^[A-Za-z_][A-Za-z0-9_.-]*$"


class Frameworks(Table):
    """Frameworks, one row a version."""

    framework_id: Text = column("Scheme and version of the framework", unique=True, str_matches=FRAMEWORK_ID)
    scheme: Text = column("Framework, whatever its version")
    version: Text = column("Version of the framework")
    standing: Text = column("How far the version counts", isin=codes(words.FRAMEWORK_STANDINGS))
    title_en: Text = column("Title, in English")
    title_fr: Text = column("Title, in French")
    publisher: Text = column("Whose framework it is")
    valid_from: Day = column("First day on which the version holds")
    valid_until: Day = optional("Last day on which the version holds; absent while no end is known")
    note_en: Text = optional("Note on the framework, in English")
    note_fr: Text = optional("Note on the framework, in French")
    licence: Text = column("Licence of the text")


class FrameworkLevels(Table):
    """Levels that a site can reach in a framework."""

    framework_id: Text = column("Scheme and version of the framework", str_matches=FRAMEWORK_ID)
    level: Text = column("Code of the level")
    rank: Whole = column("Order of the levels, 1 is the lowest", ge=1)
    meaning_en: Text = column("What the level means, in English")
    meaning_fr: Text = column("What the level means, in French")


class Criteria(Table):
    """What a framework asks of a site, one row a criterion."""

    framework_id: Text = column("Scheme and version of the framework", str_matches=FRAMEWORK_ID)
    criterion_id: Text = column("Id of the criterion in its framework", str_matches=CRITERION_ID)
    position: Whole = column("Place of the criterion in its framework, from 1", ge=1)
    section: Text = column("Code of the section")
    section_en: Text = column("Section, in English")
    section_fr: Text = column("Section, in French")
    issue: Text = column("Code of the issue within the section")
    issue_en: Text = column("Issue, in English")
    issue_fr: Text = column("Issue, in French")
    kind: Text = column("How the criterion counts", isin=codes(words.CRITERION_KINDS))
    level: Text = column("Level that the criterion belongs to")
    weight: Number = column("Weight in the score of the section", gt=0)
    metric: Text = optional("What is measured, where a number decides")
    operator: Text = optional("How the number is compared", isin=codes(words.OPERATORS))
    threshold_value: Number = optional("Number that it is compared with, in the unit beside it")
    unit: Text = optional("Unit of the number")
    evidence_en: Text = optional("What shows that it is met, in English")
    evidence_fr: Text = optional("What shows that it is met, in French")
    needs_capital: Flag = column("To meet it takes investment")
    capital_en: Text = optional("What has to be paid for, in English")
    capital_fr: Text = optional("What has to be paid for, in French")
    category: Text = optional("Risk category that the criterion answers", isin=codes(CATEGORIES))
    response_track: Text = column("How fast a shortfall must be answered", isin=codes(words.RESPONSE_TRACKS))
    text_en: Text = column("What is asked, in English")
    text_fr: Text = column("What is asked, in French")


class CriterionAlignments(Table):
    """What a criterion corresponds to in frameworks of others."""

    framework_id: Text = column("Scheme and version of the framework", str_matches=FRAMEWORK_ID)
    criterion_id: Text = column("Id of the criterion in its framework", str_matches=CRITERION_ID)
    scheme: Text = column("Framework that it is compared with")
    reference: Text = column("What it corresponds to there, in words or by its number")
    source: Text = optional("Where that was read")
    is_verified: Flag = column("Somebody held the two side by side, in that source")
