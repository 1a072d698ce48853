"""How an event is told: sentences in English and French, as two journalists would write them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.training.events import MEASURE as MEASURE_ROLE
from pipelines.training.events import Events
from pipelines.training.kinds import MEASURE, Kind, variants
from pipelines.training.records import Records
from pipelines.training.sites import Sites

Ints = npt.NDArray[np.int64]

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
    records: Records,
    rows: Ints,
    events: Events,
    sites: Sites,
    places: pd.DataFrame,
) -> Iterator[tuple[str, str]]:
    """Yield headline and text of the records in `rows`, in `language` ('en' or 'fr').

    `places` says where each record of the whole has it (`at_en`, `at_fr`).
    """
    event = records.event[rows]
    site = events.site[event]
    variant = np.where(events.role[event] == MEASURE_ROLE, -1, events.variant[event])
    columns: dict[str, Any] = {
        "variant": variant,
        "style": records.style[rows],
        "is_told": records.is_told[rows],
        "at": places[f"at_{language}"].to_numpy()[rows],
        "coop": sites.frame["coop"].to_numpy(dtype=object)[site],
        "firm": sites.frame["firm"].to_numpy(dtype=object)[site],
        "spot": sites.spots[site, events.spot[event]],
        "injured": events.injured[event],
        **{
            name: getattr(events, name)[event] for name in ("hour", "scenario", "numbers", "details", "aside")
        },
        **{name: records.frame[name].to_numpy()[rows] for name in ("killed", "low", "high")},
    }
    for values in zip(*(column.tolist() for column in columns.values()), strict=True):
        yield _told(language, dict(zip(columns, values, strict=True)))


def all_texts(language: str, kind: Kind) -> Iterator[str]:
    """Yield every sentence that may be told of `kind`, with its slots filled with anything."""
    slots = _times(language, 6) | {"at": "X", "coop": "Coopérative X", "firm": "X Mining SA", "spot": "X"}
    facts = [*wordings()["detail"][kind.details], *wordings()["aside"], wordings()["spot"]]
    for pair in (*wordings()[kind.word][language], *(fact[language] for fact in facts)):
        for sentence in pair:
            yield _sentence(sentence, slots | {"n": 12, "m": 3})
    for name, choices in wordings()["toll"].items():
        if name.endswith(f"_{language}"):
            yield from (text.format(k=3, Word="Three", low=2, high=5) for text in choices)


def _told(language: str, one: dict[str, Any]) -> tuple[str, str]:
    """Return headline and text of one record."""
    kind = MEASURE if one["variant"] < 0 else variants()[one["variant"]].kind
    has_child = one["variant"] >= 0 and variants()[one["variant"]].has_child
    how, wording = one["style"], one["style"] % 2
    slots = one | _times(language, one["hour"])
    head = _sentence(wordings()[kind.word][language][one["scenario"]][wording], slots)
    parts = [head, *_tolls(language, how, one)]
    # A finding of child labour has said so already.
    if has_child and kind.category != "CHL":
        parts.append(wordings()["toll"][f"child_{language}"][how])
    parts += [
        _sentence(fact[language][wording], slots | {"n": n, "m": m})
        for fact, (n, m), is_told in zip(
            _facts(kind, one), [*one["numbers"], (0, 0), (0, 0)], one["is_told"], strict=True
        )
        if is_told
    ]
    return head.removesuffix("."), " ".join(parts)


def _facts(kind: Kind, one: Mapping[str, Any]) -> tuple[Any, Any, Any, Any]:
    """Return the two details of an event, never the same, what else went on, and the name of the spot."""
    known = wordings()["detail"][kind.details]
    first = one["details"][0] % len(known)
    second = (first + 1 + one["details"][1] % (len(known) - 1)) % len(known)
    aside = wordings()["aside"]
    return known[first], known[second], aside[one["aside"] % len(aside)], wordings()["spot"]


def _sentence(wording: str, slots: Mapping[str, Any]) -> str:
    """Return the sentence with its slots filled; "6 a.m." at its end needs no second point."""
    return wording.format_map(slots).replace("m..", "m.")


def _times(language: str, hour: int) -> dict[str, Any]:
    if language == "fr":
        said = f"vers {hour}\N{NO-BREAK SPACE}h"
    else:
        said = f"at about {hour % 12 or 12} {'a.m.' if hour < 12 else 'p.m.'}"
    return {"hour": said, "hour_start": said[0].upper() + said[1:]}


def _tolls(language: str, how: int, one: Mapping[str, Any]) -> Iterator[str]:
    if one["killed"]:
        yield _toll("killed", language, how, one["killed"])
    if one["low"] != one["high"]:
        said = wordings()["toll"][f"range_{language}"][how]
        yield said.format(low=one["low"], high=one["high"])
    if one["injured"]:
        yield _toll("hurt", language, how, one["injured"])


def _toll(what: str, language: str, how: int, count: int) -> str:
    known = _WORDS[language]
    sentence = wordings()["toll"][f"{what}{'_one' if count == 1 else ''}_{language}"][how]
    return str(sentence).format(k=count, Word=known[count] if count < len(known) else count)
