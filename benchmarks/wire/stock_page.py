"""What a user would write instead: the same data by stock folium and st_folium, as their manuals show it.

One CircleMarker a site and an incident, outlines as GeoJson, the pandas frame under it, one filter. Stock
folium asks the internet for Leaflet; here it is given the same local files, so that it works at all.
"""

import json
import os
from pathlib import Path

import folium
import pandas as pd
import shapely
import streamlit as st
from streamlit_folium import st_folium

DATA = Path(os.environ["STOCK_DATA"])
folium.Map.default_js = [("leaflet", "../../app/static/vendor/leaflet.js")]
folium.Map.default_css = [("leaflet_css", "../../app/static/vendor/leaflet.css")]

st.set_page_config(layout="wide")
st.title("What is known, and where?")
sites = pd.read_csv(DATA / "sites.csv")
more_sites = pd.read_csv(DATA / "ipis_sites.csv")
incidents = pd.read_csv(DATA / "incidents.csv")
with st.sidebar:
    province = st.pills("Province", ["Haut-Katanga", "Lualaba"], selection_mode="multi")
sites = pd.concat([sites, more_sites])
if province:
    sites = sites[sites["province_reported"].isin(province)]
    incidents = incidents[incidents["province_reported"].isin(province)]

map_ = folium.Map(location=[-11, 26.5], zoom_start=8, tiles=None)
for name, column in (("provinces", "name"), ("territories", "name"), ("concessions", "holder")):
    areas = pd.read_csv(DATA / f"{name}.csv")
    features = [
        {
            "type": "Feature",
            "properties": {"name": str(label)},
            "geometry": json.loads(shapely.to_geojson(shapely.from_wkt(wkt))),
        }
        for label, wkt in zip(areas[column], areas["wkt"], strict=True)
    ]
    folium.GeoJson(
        {"type": "FeatureCollection", "features": features}, tooltip=folium.GeoJsonTooltip(["name"])
    ).add_to(map_)
for row in sites.dropna(subset=["lon"]).itertuples():
    folium.CircleMarker([row.lat, row.lon], radius=5, color="blue", fill=True, tooltip=row.name).add_to(map_)
for row in incidents.dropna(subset=["lon"]).itertuples():
    folium.CircleMarker([row.lat, row.lon], radius=6, color="red", fill=True, tooltip=row.summary).add_to(
        map_
    )
st_folium(map_, use_container_width=True, height=560)
st.dataframe(incidents)
st.dataframe(sites)
