"""Mining cadastre (CAMI): titles or artisanal zones, GeoJSON of the cadastre's map."""

from __future__ import annotations

import re
from typing import Final

import pandas as pd

from pipelines.reading import outlines, parsers
from pipelines.reading.geofiles import GEOMETRY, read_geojson
from pipelines.source import Field, Raw, Source, define
from risk.vocabulary import PERMIT_TYPES
from warehouse.inputs import Concessions

_PERMITS: Final = {
    **{code: code for code in PERMIT_TYPES},
    "ARPC": "ARC",
    "AECP (Car)": "AECP",
    "AECP (Min)": "AECP",
    "C.U.P.": "CUP",
}

# A holder counts as a company or a public body only if one of these words is in its name; any other
# may be a natural person and is never kept. A company without such a word is lost with them: the
# lesser harm.
_BODIES: Final = re.compile(
    r"""(?ix) \b (
        s\.?p\.?r\.?l | s\.?a\.?r\.?l\.?u? | s\.?a\.?s\.?u? | s\.?a\.?u? | s\.?r\.?l | s\.?c\.?s | nv | ag
      | ltd | limited | inc | corp | corporation | company | co | companies | compagnies? | soci[eé]t[eé]s?
      | ste | ets | [eé]tablissements? | entreprises? | enterprises? | coop[eé]ratives? | groupe? | holdings?
      | partners? | associ[eé]s | association | bureau | agence | agency | r[eé]gie | gouvernorat | province
      | minist[eè]re | zone | etat | commune | mining | mines? | mini[eè]res? | minerals? | minerais
      | metals? | res+ources | carri[eè]res? | cimenteries? | ciments? | copper | cobalt | gold | goldmines
      | goldfields | diamonds? | diamant | exploration | exploitations? | investments? | investissements?
      | development | d[eé]veloppement | construction | business | services? | trading | commerce
      | commercial | industr(y|ie|ies|ial|ielle) | g[eé]n[eé]rale | engineering | consulting
    ) \b"""
)
_PARTY: Final = re.compile(r"([^()]*)(\(\s*[\d.,]+\s*%\s*\))?")


def holder_that_is_no_person(cell: str) -> str | None:
    """Return the parties of `cell` that are companies or public bodies, with their shares.

    Each comma-separated name is judged alone, so that a person beside a company is left out.

    >>> holder_that_is_no_person("EXEMPLE MINING SARL (60%), Personne Fictive (40%)")
    'EXEMPLE MINING SARL (60%)'
    >>> holder_that_is_no_person("Personne Fictive (100%)") is None
    True
    """
    kept = []
    for names, share in _PARTY.findall(cell):
        bodies = [name.strip() for name in re.split(r"[,;]", names) if _BODIES.search(name)]
        if bodies:
            kept.append(f"{', '.join(bodies)} {share}".strip())
    return ", ".join(kept) or None


def _squares(cell: str) -> str:
    return re.sub(r"\s*cu\s*$", "", cell)


_SQUARES: Final = parsers.Parser(
    pd.Int64Dtype(),
    lambda cell: parsers.whole.one(_squares(cell)),
    lambda cell: "no number of squares; write 5 cu",
)


def _finish(shaped: pd.DataFrame, raw: Raw) -> pd.DataFrame:
    """Add our id: the permit type and the number, each once."""
    number, permit = shaped["title_number"], shaped["permit_type"]
    has_type = pd.Series(
        [str(n).startswith(f"{p}-") for n, p in zip(number, permit, strict=True)],
        index=shaped.index,
        dtype=bool,
    )
    return shaped.assign(concession_id=(permit + "-" + number).mask(has_type, number))


CAMI_TITLES: Final[Source] = define(
    "cami_titles",
    "concessions",
    Concessions,
    reader=read_geojson,
    fields=(
        Field("title_number", "Code"),
        Field("permit_type", "Licence_", parsers.words(_PERMITS)),
        Field("status_reported", "Status"),
        Field("holder", "Parties", parsers.dropping(holder_that_is_no_person)),
        Field("squares", "Area", _SQUARES),
        Field("geometry", GEOMETRY, outlines.geojson_outline),
    ),
    finish=_finish,
    about="Mining cadastre (CAMI), GeoJSON of titles or artisanal zones; no natural person kept as holder",
)
