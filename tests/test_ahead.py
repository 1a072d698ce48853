"""What the browser is told to fetch ahead is there, and ours."""

from frame.ahead import hints


def test_hints_name_files_that_streamlit_has_and_nothing_foreign():
    lines = hints("base").splitlines()
    assert any("ComponentInstance" in line for line in lines)
    assert all('href="/base/' in line for line in lines)
    assert "//" not in hints("")
