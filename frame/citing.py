"""The sources of a record, as a list of links."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pandas as pd
import streamlit as st

from risk.escaping import for_markdown
from risk.texts import translate as _


def sources(rows: pd.DataFrame) -> None:
    """Draw the citations of a record as a list of links; a source without an address is named."""
    if rows.empty:
        st.caption(_("no source on record"))
        return
    st.markdown("\n".join(f"- {_citation(row)}" for row in rows.to_dict("records")))


def _citation(row: dict[Any, Any]) -> str:
    title = for_markdown(row["title"])
    parts = [row[name] for name in ("publisher", "published") if pd.notna(row[name])]
    detail = ", ".join(for_markdown(part) for part in parts)
    named = f"[{title}]({_address(row['url'])})" if pd.notna(row["url"]) else title
    about = f" ({_('for the position')})" if row["about"] == "position" else ""
    return f":small[{named}{about}{' · ' if detail else ''}{detail}]"


def _address(url: str) -> str:
    return quote(url, safe=":/?#@!&'*+,;=%~-._")
