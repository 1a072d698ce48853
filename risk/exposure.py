"""Workers that stand for a site in rates: who is exposed to what is reported.

A rate of accidents, cases or findings asks for the people who could have met with one (Rothman, Greenland
& Lash 2008, ch. 3). A figure that is missing is no zero: it is imputed and marked, or it stays unknown.
"""

from __future__ import annotations

import numpy as np
import pandas as pd


def site_exposure(sites: pd.DataFrame) -> pd.DataFrame:
    """Return the workers each site is counted with: one row a site, in the order of `sites`.

    sites: site_id (one row each), kind, workers (the latest figure that counts this one site, missing
    possible), and where given workers_low and workers_high, the published range.
    Columns: site_id, workers_exposed (people, above 0, or missing), exposure_state:
    - 'reported': the figure.
    - 'imputed': no figure. The median of the working sites of the same kind, or of all kinds where none of
      the kind has a figure, held within the published range if there is one.
    - 'idle': a published 0. Nobody is exposed at that date, so workers_exposed is missing; idle sites do not
      enter a median.
    - 'unknown': no figure here nor at any other site.
    Raises ValueError for a site that stands twice and for a figure below 0.
    """
    if sites["site_id"].isna().any() or sites["site_id"].duplicated().any():
        raise ValueError("a site has no id or stands twice; give one row a site")
    reported = _people(sites, "workers")
    working = reported.where(reported > 0)
    kinds = sites["kind"].astype(object).where(sites["kind"].notna(), "unknown")
    typical = working.groupby(kinds).transform("median").fillna(working.median())
    low, high = _people(sites, "workers_low"), _people(sites, "workers_high")
    imputed = typical.where(~(typical < low), low)
    imputed = imputed.where(~(imputed > high), high)
    is_idle = (reported == 0) | (reported.isna() & (high == 0))
    exposed = working.where(reported.notna(), imputed).mask(is_idle)
    state = np.select(
        [is_idle, reported.notna(), exposed.notna()], ["idle", "reported", "imputed"], "unknown"
    )
    return pd.DataFrame(
        {
            "site_id": sites["site_id"].astype("string"),
            "workers_exposed": exposed.astype("Float64"),
            "exposure_state": pd.array(state, dtype="string"),
        },
        index=sites.index,
    ).reset_index(drop=True)


def _people(sites: pd.DataFrame, name: str) -> pd.Series:
    if name not in sites:
        return pd.Series(np.nan, index=sites.index)
    people = sites[name].astype("Float64").astype(float)
    if (people < 0).any():
        first = sites.loc[people < 0, "site_id"].iloc[0]
        raise ValueError(f"site {first}: {name} is below 0; leave it missing where it is not known")
    return people
