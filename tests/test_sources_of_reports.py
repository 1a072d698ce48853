"""Groups of sources: re-posts count once."""

from __future__ import annotations

import pandas as pd
import pytest

from risk.sources import source_group, source_groups


@pytest.mark.parametrize(
    ("publisher", "group"),
    [
        ("RFI via allAfrica", "RFI"),
        ("Kewoulo (RFI)", "RFI"),
        ("DefenceWeb/Reuters", "Reuters"),
        ("Belga/AFP via Newstrotteur", "AFP"),
        ("Tout Lubumbashi (blog)", "Tout Lubumbashi"),
        ("Mining and Business / Fair Cobalt Alliance", "Mining and Business"),
        ("7sur7.cd", "7sur7.cd"),
    ],
)
def test_a_report_printed_again_belongs_to_who_reported_first(publisher: str, group: str) -> None:
    assert source_group(publisher) == group


def test_a_publisher_that_is_missing_is_no_group() -> None:
    found = source_groups(pd.Series(["RFI", pd.NA, " "], dtype="string"))
    assert found.iloc[0] == "RFI"
    assert found.isna().tolist() == [False, True, True]
