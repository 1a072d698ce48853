"""A reader who knows the rules, and lists every table that would be published alike, finds no small count."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from risk import disclosure_classes
from risk.disclosure_cells import cell_codes
from risk.disclosure_classes import LADDER, WAITING, Level, coded
from risk.disclosure_rules import Bools, Ints, Rules

Shape = tuple[int, int, int]
# Territories, quarters of one year, categories; the minimum count; the fewest values a small count may have.
# Where the minimum is 3, a small count is 1 or 2: two values are all there are.
SHAPES = [
    ((1, 4, 1), 3, 2),
    ((1, 2, 3), 3, 2),
    ((2, 2, 1), 3, 2),
    ((3, 1, 2), 3, 2),
    ((1, 4, 1), 5, 3),
    ((1, 1, 5), 5, 3),
    ((2, 1, 2), 5, 3),
    ((5, 1, 1), 5, 3),
    ((1, 2, 2), 4, 3),
]
NAMES = [*(level.name for level in LADDER), WAITING]


def strict(least: int, **more: int) -> Rules:
    """Rules under which a group fails by its count alone, so that nothing else hides it."""
    return Rules(least, least, min_sites=1, min_source_groups=1, most_of_one_site_share=1.0, **more)


@pytest.fixture
def many_worlds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one call code many worlds at once: every class lies in one world."""
    apart = tuple(Level(level.name, (*level.columns, "world")) for level in LADDER)
    monkeypatch.setattr(disclosure_classes, "LADDER", apart)
    monkeypatch.setattr(disclosure_classes, "ATOM", (*disclosure_classes.ATOM, "world"))


def tables_of(shape: Shape, most: int) -> Ints:
    """Return every table with counts up to `most`, (worlds, atoms)."""
    return np.array(list(itertools.product(range(most + 1), repeat=int(np.prod(shape)))))


def levels_of(
    tables: Ints,
    shape: Shape,
    rules: Rules,
    carried: Ints | None = None,
    *,
    is_critical: bool = False,
    is_thin: Bools | None = None,
) -> Ints:
    """Return the rank of the level at which each atom is coded, -1 for an empty one; (worlds, atoms)."""
    parts = [(tables, False), *([(carried, True)] if carried is not None else [])]
    events = pd.concat([events_of(counts, shape, is_old) for counts, is_old in parts], ignore_index=True)
    if is_thin is not None:
        spread = np.where(is_thin[events["world"], events["atom"]], 0, np.arange(len(events)) + 1)
        events["site_id"] = events["atom"].astype(str) + "-" + pd.Series(spread).astype(str)
    found = np.full(tables.shape, -1)
    there = events_of(np.ones((1, tables.shape[1]), dtype=np.int64), shape, False)
    levels = coded(events, there, rules, is_critical=is_critical)
    found[events["world"], events["atom"]] = levels.map({name: rank for rank, name in enumerate(NAMES)})
    return found


def events_of(tables: Ints, shape: Shape, is_carried: bool) -> pd.DataFrame:
    world, atom = (np.repeat(index, tables[tables > 0]) for index in np.nonzero(tables))
    territory, quarter, category = np.unravel_index(atom, shape)
    places = {"territory_pcode": territory, "province_pcode": 0, "quarter": quarter, "year": 2026}
    more = {"category": category, "site_id": "a", "source_groups": "b", "is_carried": is_carried}
    return pd.DataFrame({"world": world, "atom": atom, **places, **more})


def told(tables: Ints, levels: Ints, shape: Shape) -> list[Ints]:
    """Return what is published of each world, and more: where each atom is coded, and the size of each class."""
    box = (len(tables), *shape)
    found = [levels, np.where(levels == 0, tables, 0)]
    for rank, axes in ((1, (2,)), (2, (2, 3)), (3, (1, 2, 3)), (4, (1, 2, 3)), (5, (1, 2, 3))):
        size = np.where(levels == rank, tables, 0).reshape(box).sum(axis=axes)
        found.append(size.reshape(len(tables), -1))
    return found


def cells_of(tables: Ints, shape: Shape) -> Ints:
    """Return the count of each cell of the fixed partitions, (worlds, cells): sums over any of the axes."""
    box = tables.reshape(len(tables), *shape)
    kinds = [axes for many in range(4) for axes in itertools.combinations((1, 2, 3), many)]
    return np.column_stack([box.sum(axis=axes).reshape(len(tables), -1) for axes in kinds])


def fewest_values(
    published: list[Ints],
    counts: Ints,
    least: int,
    asked: Bools | None = None,
    *,
    is_zero_asked: bool = False,
) -> int:
    """Return the fewest values that a count of 1 to least - 1 may have for a reader, in the worlds `asked`."""
    sign = np.unique(np.column_stack(published), axis=0, return_inverse=True)[1].ravel()
    fewest = 99
    for values in counts.T:
        pairs = np.unique(sign * 1_000 + values)
        many = np.bincount(pairs // 1_000)[sign]
        is_small = (
            (values >= (0 if is_zero_asked else 1)) & (values < least) & (True if asked is None else asked)
        )
        fewest = min(fewest, int(many[is_small].min(initial=99)))
    return fewest


@pytest.mark.usefixtures("many_worlds")
@pytest.mark.parametrize(("shape", "least", "values"), SHAPES)
def test_no_small_count_has_one_possible_value_only(shape: Shape, least: int, values: int) -> None:
    tables = tables_of(shape, least)
    levels = levels_of(tables, shape, strict(least))
    assert (levels > 0).any()
    assert fewest_values(told(tables, levels, shape), cells_of(tables, shape), least) >= values


@pytest.mark.usefixtures("many_worlds")
@pytest.mark.parametrize("is_critical", [False, True])
@pytest.mark.parametrize(
    ("shape", "least"), [((1, 3, 1), 3), ((1, 1, 3), 3), ((3, 1, 1), 3), ((1, 2, 1), 5), ((2, 1, 1), 5)]
)
def test_a_second_release_gives_no_small_count_away(
    shape: Shape, least: int, is_critical: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disclosure_classes, "QUARTERS_A_YEAR", shape[1])
    monkeypatch.setattr(disclosure_classes, "CATEGORIES", range(shape[2]))
    rules, hidden = strict(least), int(is_critical)
    # The second table goes further than what is asked about: otherwise its end would tell something.
    earlier, later = tables_of(shape, least), tables_of(shape, 2 * least - 1)
    first, second = np.repeat(earlier, len(later), axis=0), np.tile(later, (len(earlier), 1))
    levels = levels_of(first, shape, rules, is_critical=is_critical)
    waiting = np.where(levels == len(LADDER), first, 0)
    after = levels_of(second, shape, rules, waiting, is_critical=is_critical)
    pooled = second + waiting
    published = [*told(first, levels, shape)[hidden:], *told(pooled, after, shape)[hidden:]]
    small = np.column_stack([cells_of(counts, shape) for counts in (first, pooled, first + second)])
    asked = (second <= least).all(axis=1)
    assert fewest_values(published, small, least, asked) >= min(3, least - 1)


@pytest.mark.usefixtures("many_worlds")
@pytest.mark.parametrize("shape", [(1, 4, 1), (1, 2, 2), (2, 2, 1), (1, 1, 4)])
def test_groups_that_fail_by_their_sites_hide_no_less(shape: Shape) -> None:
    least, most = 3, 5
    # A count above `most` is one of the counts from 2, all at one site.
    kinds = tables_of(shape, 2 * most - 1)
    is_thin = kinds > most
    tables = np.where(is_thin, kinds - most + 1, kinds)
    rules = Rules(least, least, min_sites=2, min_source_groups=1, most_of_one_site_share=1.0)
    levels = levels_of(tables, shape, rules, is_thin=is_thin)
    asked = (tables <= least + 1).all(axis=1)
    assert fewest_values(told(tables, levels, shape), cells_of(tables, shape), least, asked) >= 2


@pytest.mark.usefixtures("many_worlds")
@pytest.mark.parametrize(
    ("shape", "least"),
    [((1, 4, 1), 3), ((4, 1, 1), 3), ((2, 2, 1), 3), ((1, 1, 4), 3), ((1, 3, 2), 3), ((1, 3, 1), 5)],
)
def test_of_protection_critical_events_not_even_a_zero_is_known(
    shape: Shape, least: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The reader of this test knows of no other quarters and categories, so the rules may not either.
    monkeypatch.setattr(disclosure_classes, "QUARTERS_A_YEAR", shape[1])
    monkeypatch.setattr(disclosure_classes, "CATEGORIES", range(shape[2]))
    tables = tables_of(shape, least)
    levels = levels_of(tables, shape, strict(least), is_critical=True)
    counts = cells_of(tables, shape)
    # The levels are not told.
    published = told(tables, levels, shape)[1:]
    assert fewest_values(published, counts, least) >= 2
    assert fewest_values(published, counts, least, is_zero_asked=True) >= 2


def test_the_cells_that_are_not_told_have_no_small_count_either() -> None:
    count, least = 3, 3
    tables, rules = tables_of((1, 1, count), 2 * least), strict(least)
    names = [f"h{number}" for number in range(count)]
    ground = pd.DataFrame({"h3_r5": names, "territory_pcode": "T"})
    is_told = np.zeros(tables.shape, dtype=bool)
    for world, table in enumerate(tables):
        rows = pd.DataFrame(
            {"h3_r5": np.repeat(names, table), "territory_pcode": "T", "level": "territory_year"}
        )
        rows = rows.assign(class_id="one", site_id="a", source_groups="b")
        codes = cell_codes(rows, ground, rules, is_critical=False)
        is_told[world] = [name in set(codes) for name in names]
    shown = np.where(is_told, tables, 0)
    asked = (tables.sum(axis=1) >= least) & (tables <= least + 1).all(axis=1)
    published = [shown, tables.sum(axis=1, keepdims=True)]
    assert fewest_values(published, np.where(is_told, 0, tables), least, asked) >= 2


@pytest.mark.usefixtures("many_worlds")
def test_without_the_slack_the_same_reader_finds_some() -> None:
    shape = (1, 4, 1)
    tables = tables_of(shape, 5)
    levels = levels_of(tables, shape, strict(5, lower_slack=1, upper_slack=1))
    naive = np.where((levels > 1) & (tables.sum(axis=1, keepdims=True) >= 5), 1, levels)
    cells = cells_of(tables, shape)
    assert fewest_values(told(tables, naive, shape), cells, 5) == 1
