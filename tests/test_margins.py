"""How many reports may go before a hotspot does."""

import pytest

from risk.margins import reports_to_spare
from risk.tails import binomial_tail, hypergeometric_tail

SEEN = {"observed": 12, "theme": 60, "expected": 3.0, "expected_of_reports": 4.0, "drawn": 20}
CUTS = {"cut_off_rate": 0.001, "cut_off_share": 0.001}


def p_of(**changes):
    seen = SEEN | changes
    reports = seen["theme"] * seen["drawn"] / seen["expected_of_reports"]
    return {
        "p_rate": float(binomial_tail(seen["observed"], seen["theme"], seen["expected"] / seen["theme"])),
        "p_share": float(hypergeometric_tail(seen["observed"], reports, seen["theme"], seen["drawn"])),
    }


def spare(hotspot_class, **changes):
    return reports_to_spare(hotspot_class, **(SEEN | p_of() | CUTS | changes))


def test_what_is_spared_still_passes_and_one_more_does_not():
    left = SEEN["observed"] - spare("reported")
    share = SEEN["expected"] / SEEN["theme"]
    assert binomial_tail(left, SEEN["theme"], share) <= CUTS["cut_off_rate"]
    assert binomial_tail(left - 1, SEEN["theme"], share) > CUTS["cut_off_rate"]


def test_a_share_is_spared_by_its_own_test():
    gone = spare("distinctive")
    left, near = SEEN["observed"] - gone, SEEN["drawn"] - gone
    assert hypergeometric_tail(left, 300, SEEN["theme"], near) <= CUTS["cut_off_share"]
    assert hypergeometric_tail(left - 1, 300, SEEN["theme"], near - 1) > CUTS["cut_off_share"]


def test_a_confirmed_one_spares_no_more_than_either_test_alone():
    assert spare("confirmed") == min(spare("reported"), spare("distinctive"))


def test_a_confirmed_one_falls_with_its_fifth_report_whatever_its_p():
    tiny = {"p_rate": 1e-30, "p_share": 1e-30}
    assert spare("confirmed", observed=7, **tiny) == 2
    assert spare("confirmed", observed=5, **tiny) == 0


def test_a_window_at_its_cut_off_spares_none():
    assert spare("reported", p_rate=0.001) == 0
    assert spare("reported", p_rate=0.002) == 0


def test_half_an_event_and_nothing_at_all_are_answered():
    assert spare("confirmed", observed=12.5, drawn=19.5) >= 0
    assert spare("reported", observed=0) == 0


@pytest.mark.parametrize(("hotspot_class", "theme"), [("hot", 60), ("reported", 0)])
def test_what_is_no_hotspot_is_refused(hotspot_class, theme):
    with pytest.raises(ValueError, match=r"class|theme"):
        spare(hotspot_class, theme=theme)
