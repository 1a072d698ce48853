"""Refiners on a map of the world: land from our own address, a click that chooses, a link that holds."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from frame.refiner_words import CAVEAT
from tests.browser.conftest import Readers


def test_a_click_on_the_world_chooses_a_refiner_and_its_link_opens_it_again(readers: Readers) -> None:
    reader = readers()
    reader.open("refiners")
    # The land is one shape; each refiner with a position is a dot of its own.
    expect(reader.frame.locator(".leaflet-territories-pane path")).to_have_count(1)
    reader.expect_paths("sites", 46)
    # In the open sea of the map: nothing lies over it.
    spot = reader.frame.wait_for_function(
        """() => { let found = null; window.map.eachLayer(layer => {
            if (layer.feature && layer.feature.properties.id === "refiner:ref-ambatovy-toamasina") {
                layer._path.setAttribute("data-spot", ""); found = true; } });
            return found; }"""
    )
    assert spot.json_value()
    reader.frame.locator("path[data-spot]").click()
    reader.expect_in_address("refiner", "ref-ambatovy-toamasina")
    card = reader.page.locator(".st-key-card")
    expect(card).to_contain_text("Ambatovy")
    expect(card).to_contain_text(CAVEAT)

    again = readers()
    again.open("refiners", reader.page.url.partition("?")[2].partition("#")[0])
    expect(again.page.locator(".st-key-card")).to_contain_text(re.compile("Ambatovy"))
