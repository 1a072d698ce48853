"""A made edition with two lists of facilities: half of the fine and a quarter of the crude refiners were assessed.

They stand for the figures that were published in early 2023, about 50 % and 25 %. One crude refiner is off the
second list, and of one nobody tells the kind; two are in our own table beside them, one of them on no list.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pipelines.build import build
from tests.made_edition import CITATION, ORIGIN, write_edition
from tests.made_submissions import write_csv

AS_OF = date(2023, 3, 31)
OURS = (
    "refiner_id,rmap_id,name,parent_company,country,kind,role_reported,lon,lat,place_precision,products,capacity_t,"
    "capacity_year,rmap_status,rmap_status_reported,rmap_status_reported_on,status_note,drc_feed_reported,"
    "verification_reported\n"
    "ref-made,CID000000,Our Name of It,,FIN,fine,,23.1,63.8,site,,,,conformant,Conformant,2021,,,\n"
    "ref-apart,,Not on a List,,COD,unknown,,,,none,,,,not_reported,,,,,\n"
)


def rows(*, is_second: bool) -> list[dict[str, str]]:
    """Return the facilities of a list: 20 fine and 20 crude ones, one of unknown kind on the second."""
    found = [_facility(number, is_second=is_second) for number in range(40)]
    if is_second:
        return [*found[:39], _facility(40, is_second=True) | {"Type": "", "RMAP Status": ""}]
    return found


def _facility(number: int, *, is_second: bool) -> dict[str, str]:
    is_fine = number < 20
    is_assessed = is_second and (number < 10 or 20 <= number < 25)
    return {
        "Smelter ID": f"CID{number:06}",
        "Standard Smelter Name": f"Refinery {number:02}",
        "Country": "FINLAND" if is_fine else "DRC",
        "Metal": "Cobalt",
        "Type": "Fine refiner" if is_fine else "Crude refiner",
        "RMAP Status": "Conformant" if is_assessed else "Eligible",
        "Last Audit Date": "2022-06-30" if is_assessed else "",
        "Audit Cycle": "3 years" if is_assessed else "",
        # Of the first the day has passed; of the second it follows from the cycle.
        "Re-audit/Next due": {0: "2023-03-01", 1: ""}.get(number, "2025-06-30" if is_assessed else ""),
    }


def write(folder: Path) -> Path:
    """Write the edition into `folder` and return it."""
    write_edition(folder)
    entries = []
    for day, is_second in (("2022-01-15", False), ("2023-01-15", True)):
        path = write_csv(folder / f"facilities-{day}.csv", *rows(is_second=is_second))
        entries.append(_entry("refiner_lists", path))
    ours = folder / "refiners.csv"
    ours.write_text(OURS, "utf-8")
    entries.append(_entry("refiners", ours))
    edition = folder / "edition.toml"
    edition.write_text("\n".join([edition.read_text("utf-8"), *entries]), "utf-8")
    return folder


def built(folder: Path) -> Path:
    """Build the edition in `folder` and return the folder of its releases."""
    releases = folder / "releases"
    build(write(folder / "edition"), releases, as_of=AS_OF)
    return releases


def _entry(source: str, path: Path) -> str:
    origin = ORIGIN.format(name=path.stem, citation=CITATION)
    path.with_suffix(".origin.toml").write_text(origin, "utf-8")
    return f'[[inputs]]\nsource = "{source}"\nfile = "{path.name}"\n'
