"""The served application: `app.py` with the public outlines beside it and security headers around it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from frame.assets import lay_out
from frame.serving import MIDDLEWARE, ROUTES

lay_out()
app = st.App(Path(__file__).with_name("app.py"), routes=ROUTES, middleware=MIDDLEWARE)
