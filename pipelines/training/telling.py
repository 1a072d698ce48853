"""How an event is told: sentences in English and French, as two journalists would write them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.training.events import MEASURE as MEASURE_ROLE
from pipelines.training.events import Events
from pipelines.training.kinds import MEASURE, Kind, variants
from pipelines.training.sites import Sites

Ints = npt.NDArray[np.int64]

WORDINGS: Final = 4
_FILE: Final = Path(__file__).with_name("wordings.toml")
_WORDS: Final = {
    "en": ("", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"),
    "fr": ("", "Une", "Deux", "Trois", "Quatre", "Cinq", "Six", "Sept", "Huit", "Neuf", "Dix"),
}


@cache
def wordings() -> Mapping[str, Any]:
    """Return the sentences of `wordings.toml`, by kind, and those of victims and details."""
    return tomllib.loads(_FILE.read_text("utf-8"))


def texts(
    language: str,
    style: Ints,
    rows: Ints,
    events: Events,
    sites: Sites,
    places: pd.DataFrame,
    tolls: tuple[Ints, Ints, Ints],
) -> Iterator[tuple[str, str]]:
    """Yield headline and text of each record in `language` ('en' or 'fr').

    `rows` says which event each record tells of, `style` (below WORDINGS) how, `places` where (`at_en`,
    `at_fr`), `tolls` the killed, lowest and highest figure.
    """
    place = sites.frame.iloc[events.site[rows]]
    kinds = [one.kind for one in variants()]
    told = zip(
        style.tolist(),
        events.role[rows].tolist(),
        events.variant[rows].tolist(),
        places[f"at_{language}"].tolist(),
        events.hour[rows].tolist(),
        place["coop"].tolist(),
        place["firm"].tolist(),
        events.n[rows].tolist(),
        events.m[rows].tolist(),
        events.detail[rows].tolist(),
        *(toll.tolist() for toll in tolls),
        events.injured[rows].tolist(),
        strict=True,
    )
    for how, role, variant, at, hour, coop, firm, n, m, detail, killed, low, high, injured in told:
        kind = MEASURE if role == MEASURE_ROLE else kinds[variant]
        slots = _times(language, hour) | {"at": at, "coop": coop, "firm": firm, "n": n, "m": m}
        head = _sentence(wordings()[kind.word][language][how], slots)
        parts = [head, *_tolls(language, how, killed, low, high, injured)]
        if role != MEASURE_ROLE and variants()[variant].has_child and kind.word != "child_labour_finding":
            parts.append(wordings()["toll"][f"child_{language}"][how])
        yield head.removesuffix("."), " ".join([*parts, _detail(language, how, kind, detail, slots)])


def all_texts(language: str, kind: Kind) -> Iterator[str]:
    """Yield every sentence that may be told of `kind`, with its slots filled with anything."""
    slots = _times(language, 6) | {"at": "X", "coop": "Coopérative X", "firm": "X Mining SA", "n": 12, "m": 3}
    for sentence in (
        *wordings()[kind.word][language],
        *(text for fact in wordings()["detail"][kind.details] for text in fact[language]),
    ):
        yield _sentence(sentence, slots)
    for name, choices in wordings()["toll"].items():
        if name.endswith(f"_{language}"):
            yield from (text.format(k=3, Word="Three", low=2, high=5) for text in choices)


def _sentence(wording: str, slots: Mapping[str, Any]) -> str:
    """Return the sentence with its slots filled; "6 a.m." at its end needs no second point."""
    return wording.format_map(slots).replace("m..", "m.")


def _times(language: str, hour: int) -> dict[str, Any]:
    if language == "fr":
        said = f"vers {hour}\N{NO-BREAK SPACE}h"
    else:
        said = f"at about {hour % 12 or 12} {'a.m.' if hour < 12 else 'p.m.'}"
    return {"hour": said, "hour_start": said[0].upper() + said[1:]}


def _tolls(language: str, how: int, killed: int, low: int, high: int, injured: int) -> Iterator[str]:
    if killed:
        yield _toll("killed", language, how, killed)
    if low != high:
        yield wordings()["toll"][f"range_{language}"][how].format(low=low, high=high)
    if injured:
        yield _toll("hurt", language, how, injured)


def _toll(what: str, language: str, how: int, count: int) -> str:
    known = _WORDS[language]
    sentence = wordings()["toll"][f"{what}{'_one' if count == 1 else ''}_{language}"][how]
    return str(sentence).format(k=count, Word=known[count] if count < len(known) else count)


def _detail(language: str, how: int, kind: Kind, detail: int, slots: Mapping[str, Any]) -> str:
    facts: Sequence[Any] = wordings()["detail"][kind.details]
    sentence: str = facts[detail % len(facts)][language][how % 2]
    return sentence.format_map(slots)
