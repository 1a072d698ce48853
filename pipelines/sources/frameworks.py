"""Frameworks: one TOML file a version, read four times, once for each of its tables."""

from __future__ import annotations

from functools import partial
from typing import Final

from pipelines.frameworks.reading import read_framework
from pipelines.source import Source, define, own_fields
from warehouse import frameworks
from warehouse.columns import Table


def _part(name: str, contract: type[Table], about: str) -> Source:
    return define(
        name,
        name,
        contract,
        reader=partial(read_framework, table=name),
        fields=own_fields(contract),
        about=about,
        is_bounded=False,
    )


FRAMEWORKS: Final[tuple[Source, ...]] = (
    _part("frameworks", frameworks.Frameworks, "Version of a framework, our TOML"),
    _part("framework_levels", frameworks.FrameworkLevels, "Levels of a framework, our TOML"),
    _part("criteria", frameworks.Criteria, "Criteria of a framework, our TOML"),
    _part(
        "criterion_alignments", frameworks.CriterionAlignments, "Criteria beside those of others, our TOML"
    ),
)
