"""A small made edition as files: two areas, two titles, three site records, two incidents, one place."""

from __future__ import annotations

from pathlib import Path

FILES = {
    "provinces": (
        "province_pcode,name,area_km2,wkt",
        'CD71,Haut-Katanga,100,"POLYGON ((27 -12, 28 -12, 28 -11, 27 -11, 27 -12))"',
        'CD72,Lualaba,100,"POLYGON ((25 -12, 27 -12, 27 -10, 25 -10, 25 -12))"',
    ),
    "territories": (
        "territory_pcode,name,kind,province_pcode,area_km2,wkt",
        'CD7201,Kolwezi,city,CD72,10,"POLYGON ((25 -11, 26 -11, 26 -10, 25 -10, 25 -11))"',
        'CD7202,Lubudi,territory,CD72,10,"POLYGON ((26 -11, 27 -11, 27 -10, 26 -10, 26 -11))"',
    ),
    "concessions": (
        "concession_id,title_number,permit_type,status_reported,holder,squares,wkt",
        'PE-1,1,PE,Active,A Mining Company,4,"POLYGON ((25.4 -10.8, 25.6 -10.8, 25.6 -10.6, 25.4 -10.6, '
        '25.4 -10.8))"',
        'ZEA-2,2,ZEA,,,4,"POLYGON ((26.4 -10.8, 26.6 -10.8, 26.6 -10.6, 26.4 -10.6, 26.4 -10.8))"',
    ),
    "sites": (
        "record_id,publisher,publisher_id,name,aliases,kind,kind_reported,minerals,lon,lat,place_precision,"
        "position_is_proxy,province_reported,territory_reported,visited_on,workers_low,workers_best,"
        "workers_high,workers_year,workers_scope,status_reported,operator_reported,buyers_reported,note,"
        "verification_reported",
        "site-kasulo,A,,Kasulo,,unknown,,Co,25.5,-10.7,site,no,Lualaba,Kolwezi,,,100,,2020,site,,,,,",
        "site-lubudi,A,,Far Pit,,depot,,Cu,26.5,-10.7,site,no,Lualaba,Lubudi,,,,,,,,,,,",
    ),
    "ipis_sites": (
        "record_id,publisher,publisher_id,name,aliases,kind,kind_reported,minerals,lon,lat,place_precision,"
        "position_is_proxy,province_reported,territory_reported,visited_on,workers_low,workers_best,"
        "workers_high,workers_year,workers_scope,status_reported,operator_reported,buyers_reported,note,"
        "verification_reported",
        "ipis-1,IPIS,codmine1,Kasulo,,unknown,,Co,25.501,-10.7,site,no,Lualaba,Kolwezi,2020-02-03,,80,,2020,"
        "site,,,,,",
    ),
    "incidents": (
        "incident_id,summary,summary_fr,category_reported,hints_reported,record_kind,verification_reported,"
        "verification_note,verification_note_fr,source_count,date_start,date_end,date_precision,reported_on,place_id,place_name,"
        "site_record_id,province_reported,territory_reported,lon,lat,place_precision_reported,"
        "position_is_proxy,killed_low,killed_best,killed_high,injured,children_reported,toll_reported",
        "inc-1,A pit fell in,Un puits s’est effondré,pit_collapse,,event,single_source,,,1,2020-01-02,2020-01-02,day,2020-01-03,place-1,Kasulo,"
        "ipis-1,Lualaba,Kolwezi,25.5,-10.7,site,no,2,2,3,,no,yes",
        "inc-2,Soldiers came,,military_deployment,,event,single_source,,,1,2020-02-02,2020-02-02,day,,,,,Lualaba,,,,none,no,"
        ",,,,,no",
    ),
    "places": (
        "place_id,name,kind_reported,province_reported,territory_reported,lon,lat,place_precision,"
        "position_is_proxy,note,verification_reported",
        "place-1,Kasulo,quarter,Lualaba,Kolwezi,25.5,-10.7,locality,no,,",
    ),
    "site_matches": ("record_a,record_b,decision,reason,reviewed_on",),
}

ORIGIN = """title = "{name}, made for tests"
publisher = "Nobody"
licence = "CC0"
attribution = "Nobody"
published = "2020-01"
changes_en = "None."
changes_fr = "Aucun."
{citation}"""

CITATION = '[citation]\ntitle = "A made source"\npublisher = "Nobody"\n'


def write_edition(folder: Path) -> Path:
    """Write the edition into `folder` and return it."""
    folder.mkdir(parents=True)
    entries = []
    for name, lines in FILES.items():
        text = "\n".join(lines) + "\n"
        (folder / f"{name}.csv").write_text(text, "utf-8")
        citation = "" if name == "site_matches" else CITATION
        (folder / f"{name}.origin.toml").write_text(ORIGIN.format(name=name, citation=citation), "utf-8")
        entries.append(f'[[inputs]]\nsource = "{name}"\nfile = "{name}.csv"\n')
    head = 'name = "open"\ntitle_en = "Made"\ntitle_fr = "Faite"\nas_of = "2020-12-31"\nonly_public = true\n'
    (folder / "edition.toml").write_text("\n".join([head, *entries]), "utf-8")
    return folder
