"""What made reports tell: 30 stories over all themes, with companies and times of day."""

from __future__ import annotations

from tests.made_disputes import DISPUTES
from tests.made_harms import HARMS

STORIES = (*HARMS, *DISPUTES)
COMPANIES = ("KCC", "Boss Mining", "Chemaf", "TFM", "Sicomines", "Metalkol", "Ruashi Mining", "COMMUS")
TIMES = (
    ("early in the morning", "tôt le matin"),
    ("during the night", "dans la nuit"),
    ("late in the afternoon", "en fin d’après-midi"),
    ("at about 5 a.m.", "vers 5 heures"),
    ("after heavy rain", "après de fortes pluies"),
    ("around midday", "vers midi"),
)
