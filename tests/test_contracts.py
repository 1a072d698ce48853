"""The contracts say what each table holds, in words that a reader can use."""

import dataclasses

import pandera.pandas as pa
import pytest

from warehouse import contracts
from warehouse.columns import Text, column


@pytest.mark.parametrize("table", contracts.TABLES)
def test_every_column_of_a_table_is_described(table):
    book = contracts.codebook(table)
    assert book["description"].str.len().ge(3).all()
    assert book["column"].is_unique


@pytest.mark.parametrize("table", contracts.TABLES)
def test_a_key_is_made_of_columns_of_its_table(table):
    promise = contracts.TABLES[table]
    assert set(promise.key) <= set(contracts.codebook(table)["column"])


@pytest.mark.parametrize("table", contracts.TABLES)
def test_a_unit_is_named_where_a_column_name_promises_one(table):
    book = contracts.codebook(table).set_index("column")["unit"]
    for name, unit in (("area_km2", "km²"), ("distance_m", "m"), ("radius_m", "m"), ("_pct", "%")):
        assert all(book[column] == unit for column in book.index if column.endswith(name))


def test_another_column_gives_another_digest(monkeypatch):
    class More(contracts.TABLES["places"].contract):
        more: Text = column("One more column")

    before = contracts.contracts_digest()
    assert before == contracts.contracts_digest()
    changed = dataclasses.replace(contracts.TABLES["places"], contract=More)
    monkeypatch.setitem(contracts.TABLES, "places", changed)
    assert contracts.contracts_digest() != before


def test_a_contract_refuses_a_column_it_does_not_know():
    import pandas as pd

    frame = pd.DataFrame({"key": ["a"], "value": ["b"], "other": ["c"]})
    with pytest.raises(pa.errors.SchemaErrors, match="other"):
        contracts.TABLES["metadata"].contract.validate(frame, lazy=True)
