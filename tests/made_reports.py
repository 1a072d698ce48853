"""Made reports of made events: copies, re-wordings, translations, follow-ups, and events that look alike.

Every row says in `told` how it came about and in `event` which event it tells of; neither is given to
the code under test.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tests.made_stories import COMPANIES, STORIES, TIMES

PLACES = [
    "Kamilombe",
    "Mashamba",
    "Tilwezembe",
    "Kisankala",
    "Mutoshi",
    "Luilu",
    "Kasulo",
    "Lupoto",
    "Kakanda",
    "Kambove",
    "Luisha",
    "Mabaya",
    "Kawama",
    "Tshipuki",
    "Musonoie",
    "Kapata",
    "Kabundji",
    "Mulondo",
    "Kalukuluku",
    "Shinkolobwe",
    "Mukumbi",
    "Kamatanda",
    "Kimono",
    "Lwisha",
    "Kipoi",
    "Kateketa",
    "Biwaya",
    "Kamoya",
    "Disele",
    "Mangwe",
]
OUTLETS = [
    f"{name} {kind}" for name in ("Radio", "Actu", "Mines") for kind in ("Lualaba", "Sud", "Matin", "Congo")
]
_EN = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
_FR = [
    "zéro",
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
    "dix-sept",
    "dix-huit",
    "dix-neuf",
    "vingt",
]
NO_DECISIONS = pd.DataFrame({"incident_a": [], "incident_b": [], "decision": []}, dtype="string")


@dataclass
class Event:
    """One made event: what happened where, and its figures."""

    number: int
    story: int
    place: int
    day: int
    n: int
    m: int
    company: str
    when: int
    site_km: tuple[float, float]


def written(value: int, language: str, in_words: bool) -> str:
    """Return a number as a paper prints it."""
    if in_words and value <= 20:
        return (_EN if language == "en" else _FR)[value]
    return str(value)


def sentence(event: Event, language: str, telling: int, in_words: bool, n: int | None = None) -> str:
    """Return how a paper tells of `event`: 0 and 1 are whole tellings, 2 is the headline."""
    story = STORIES[event.story]
    text = (story.english if language == "en" else story.french)[telling]
    told = text.format(
        n=written(event.n if n is None else n, language, in_words),
        m=written(event.m, language, in_words and event.n % 2 == 0),
        p=PLACES[event.place],
        c=event.company,
        t=TIMES[event.when][0 if language == "en" else 1],
    )
    return told[0].upper() + told[1:]


class Maker:
    """Writes the reports of one seed."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        angle = self.random.uniform(0, 2 * np.pi, len(PLACES))
        reach = self.random.uniform(2, 45, len(PLACES))
        self.sites = np.column_stack([reach * np.cos(angle), reach * np.sin(angle)])
        self.rows: list[dict[str, Any]] = []

    def event(self, number: int, like: Event | None = None) -> Event:
        """Return a new event; one `like` another is at its site in its week, with other figures."""
        pick = self.random.integers
        story, place, day = int(pick(len(STORIES))), int(pick(len(PLACES))), int(pick(700))
        if like is not None:
            day = like.day + int(pick(1, 7)) * int(self.random.choice([-1, 1]))
            place = like.place
            if self.random.random() < 0.25:
                # The same day at the site nearest to it.
                apart = np.hypot(*(self.sites - self.sites[like.place]).T)
                place, day = int(np.argsort(apart)[1]), like.day
            alike = [
                k for k, s in enumerate(STORIES) if s.categories[:3] == STORIES[like.story].categories[:3]
            ]
            story = int(self.random.choice(alike)) if self.random.random() < 0.5 else like.story
        n = int(pick(2, 40))
        while like is not None and n == like.n:
            n = int(pick(2, 40))
        company = str(self.random.choice(COMPANIES))
        when = int(pick(len(TIMES)))
        return Event(number, story, place, day, n, int(pick(5, 18)), company, when, tuple(self.sites[place]))

    def report(self, event: Event, told: str, **change: Any) -> None:
        """Write one report of `event`."""
        language, telling, in_words = (
            change.get("language", "en"),
            change.get("telling", 0),
            change.get("in_words", True),
        )
        n = change.get("n", event.n)
        text = change.get("text") or sentence(event, language, telling, in_words, n)
        late = int(self.random.random() < 0.15) if told != "original" else 0
        day = pd.Timestamp("2024-01-01") + pd.Timedelta(days=event.day + late)
        outlets = self.random.choice(OUTLETS, size=1 + int(self.random.random() < 0.3), replace=False)
        is_toll = STORIES[event.story].is_deadly and self.random.random() < 0.7
        self.rows.append(
            {
                "categories": STORIES[event.story].categories,
                "date_start": day,
                "date_end": day,
                **self._place(event),
                "summary": text if language == "en" else None if change.get("in_own_column") else text,
                "summary_fr": text if change.get("in_own_column") else None,
                "killed_low": n if is_toll else None,
                "killed_best": n if is_toll else None,
                "killed_high": n if is_toll else None,
                "injured": None,
                "source_groups": "; ".join(sorted(outlets)),
                "source_urls": f"https://example.org/{len(self.rows)}",
                "verification": "single_source",
                "reported_on": day
                + pd.Timedelta(days=int(self.random.integers(0, 3)) + change.get("later", 0)),
                "event": event.number,
                "told": told,
            }
        )

    def _place(self, event: Event) -> dict[str, Any]:
        kind = self.random.choice(["site", "locality", "sector", "territory"], p=[0.65, 0.2, 0.1, 0.05])
        spread = {"site": 0.3, "locality": 2.0, "sector": 8.0, "territory": 0.0}[kind]
        east, north = np.array(event.site_km) + self.random.normal(0, spread, 2)
        has_site = kind == "site"
        return {
            "lon": 25.5 + east / 109.3 if kind != "territory" else 25.6,
            "lat": -10.7 + north / 110.6 if kind != "territory" else -10.6,
            "place_precision": kind,
            "radius_m": 25_000 if kind == "sector" else None,
            "territory_pcode": "CD0708",
            "place_name": PLACES[event.place] if kind in ("site", "locality") else None,
            "site_id": f"site-{event.place}" if has_site else None,
        }


def made_reports(seed: int, events: int = 300) -> pd.DataFrame:
    """Return shuffled reports of `events` events and as many again in their neighbourhood as chance gives."""
    make = Maker(seed)
    chance = make.random.random
    for number in range(events):
        event = make.event(2 * number)
        language, in_words = ("en" if chance() < 0.6 else "fr"), bool(chance() < 0.5)
        make.report(event, "original", language=language, in_words=in_words)
        _retell(make, event, language, in_words)
        if chance() < 0.35:
            other = make.event(2 * number + 1, like=event)
            make.report(other, "original", language=language, telling=int(chance() < 0.5), in_words=in_words)
    rows = pd.DataFrame(make.rows)
    rows = rows.iloc[make.random.permutation(len(rows))].reset_index(drop=True)
    return rows.assign(incident_id=[f"inc-{at:05d}" for at in range(len(rows))])


def _retell(make: Maker, event: Event, language: str, in_words: bool) -> None:
    chance = make.random.random
    other = "fr" if language == "en" else "en"
    if chance() < 0.15:
        make.report(event, "copy", language=language, in_words=in_words)
    if chance() < 0.25:
        make.report(event, "reworded", language=language, telling=1, in_words=not in_words)
    if chance() < 0.1:
        make.report(event, "headline", language=language, telling=2, in_words=False)
    if chance() < 0.25:
        own = bool(chance() < 0.5) and other == "fr"
        telling = int(chance() < 0.5)
        make.report(
            event, "translated", language=other, telling=telling, in_words=not in_words, in_own_column=own
        )
    if STORIES[event.story].is_deadly and chance() < 0.3:
        more = event.n + int(make.random.integers(1, 6))
        rises = f" The toll has risen to {more}, up from {event.n}."
        if language == "fr":
            rises = f" Le bilan s’alourdit : {more} morts, contre {event.n} d’abord."
        text = sentence(event, language, 1, in_words) + rises
        make.report(event, "follow_up", language=language, text=text, n=more, later=3)
