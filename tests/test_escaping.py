"""Text from data is harmless in each output language."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Template

from risk.escaping import for_leaflet, for_markdown, for_script

HOSTILE = (
    "<img src=x onerror=alert(1)> ${alert(2)} `x` </script> \u202egpj.exe \u2028 'q' \"d\" " + "A" * 10_000
)


def test_nothing_that_html_or_a_template_acts_on_is_left():
    text = for_leaflet(HOSTILE)
    assert not set("<>\"'`${}\u202e") & set(text)
    assert "&lt;img" in text


@given(st.text())
def test_json_in_a_script_says_the_same_and_closes_nothing(text):
    written = for_script({"a": text})
    assert json.loads(written) == {"a": text}
    assert not set("<>&\u2028\u2029`$") & set(written)


@given(st.text(alphabet="{}%#' 7*", max_size=30))
def test_a_text_in_a_script_is_no_template_that_runs_on_the_server(text):
    written = for_script({"a": {"b": [{}, {"c": text}]}})
    assert Template(written).render() == written
    assert json.loads(written)["a"]["b"][1]["c"] == text
    assert Template(for_leaflet(text)).render() == for_leaflet(text)


def test_a_number_that_json_does_not_know_is_refused():
    with pytest.raises(ValueError, match="JSON"):
        for_script(float("nan"))


@given(st.text())
def test_markdown_has_one_line_and_no_live_mark(text):
    written = for_markdown(text)
    assert "\n" not in written
    bare = written.replace("\\\\", "")
    for mark in "*_`[]<$:":
        assert bare.count(mark) == bare.count("\\" + mark)
