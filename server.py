"""The served application: `app.py` with the public outlines beside it and security headers around it."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from frame.assets import lay_out
from frame.readers import is_https, offered
from frame.serving import ROUTES, middleware
from risk.errors import CobaltError

try:
    around = middleware(is_sign_in_offered=offered(), is_https=is_https())
except CobaltError as error:
    # Before anything listens: whoever started the server reads the message and nothing else.
    sys.exit(str(error))
lay_out()
# Until the first run has called st.navigation, Streamlit would discover `pages/` by itself and open
# a deep link without the front door.
PagesManager.uses_pages_directory = False
app = st.App(Path(__file__).with_name("app.py"), routes=ROUTES, middleware=around)
