"""Text tables as they stand."""

import os
import time

import pytest

from pipelines.reading.text_tables import read_delimited
from risk.errors import UnreadableFile

REQUIRED = ("id", "name", "lat")


@pytest.fixture
def read(tmp_path):
    def read_bytes(data: bytes, required=REQUIRED):
        path = tmp_path / "table.csv"
        path.write_bytes(data)
        return read_delimited(path, required=required)

    return read_bytes


def test_lines_count_blank_lines_and_lines_inside_quotes(read):
    raw = read(b'id,name,lat\r\n\r\n1,"Two\r\nlines",-10\r\n\r\n,,\r\n2,Next,-11\r\n')
    assert raw.frame["name"].tolist() == ["Two\r\nlines", "Next"]
    assert raw.lines.tolist() == [3, 7]
    assert raw.remarks == "1 row without any value skipped"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_same_table_is_read_in_every_common_dress(read, delimiter, end, encoding):
    rows = [("id", "name", "lat"), ("1", "Musompé à côté", "-10,5" if delimiter != "," else "-10.5")]
    raw = read(end.join(delimiter.join(row) for row in rows).encode(encoding))
    assert raw.frame.iloc[0].tolist() == list(rows[1])
    assert raw.lines.tolist() == [2]
    assert ("Windows-1252" in (raw.remarks or "")) == (encoding == "cp1252")


def test_a_letter_that_windows_1252_lacks_is_read_as_latin_1(read):
    raw = read(b"id,name,lat\n1,\xe9\x81,2\n")
    assert raw.frame.loc[0, "name"] == "é\x81"
    assert "Latin-1" in raw.remarks


def test_a_file_that_is_nearly_all_utf8_is_not_spoilt_by_guessing(read):
    with pytest.raises(UnreadableFile, match="line 3: a letter here is not UTF-8"):
        read("id,name,lat\n1,Musompé à côté,2\n2,".encode() + b"\xe9t\xe9x,3\n" + "3,éàü,4\n".encode())


def test_rows_of_another_width_are_kept_whole_as_faults(read):
    raw = read(b"id,name,lat\n1,short\n2,long,3,4\n3,right,5\n")
    assert len(raw.frame) == 3
    assert [(fault.position, fault.cells) for fault in raw.faults] == [
        (0, ("1", "short")),
        (1, ("2", "long", "3", "4")),
    ]


def test_a_header_without_rows_is_no_error(read):
    assert len(read(b"id,name,lat\n").frame) == 0


def test_an_outline_larger_than_the_csv_limit_of_python_is_read(read):
    cell = b"x" * 300_000
    assert len(read(b"id,name,lat\n1," + cell + b",2\n").frame.loc[0, "name"]) == 300_000


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b" \r\n\r\n", "is empty"),
        (b"id,name,lat,name\n", "the column 'name' twice"),
        (b"id,name\n1,2\n", "lacks the column lat"),
        (b"a,b\n1,2\n", "lacks the columns id, name, lat"),
        (b"id,name,lat\n1,\x00,2\n", "is not text"),
        (b"id,name,lat\n" + b"1,x,2\n" * 200_000 + b"1,\x00,2\n", "line 200002: a NUL byte"),
        (b'id,name,lat\n1,"never closed,2\n3,x,4\n', "line 2: the row that starts here cannot be read"),
        (b"PK\x03\x04rest", "is a zip or a workbook"),
        (b"<!doctype html><html>", "is a web page"),
        (b"\xff\xfei\x00d", "lacks the columns"),
        (b"x" * (2 << 20), "no line end in its first megabyte"),
        ("id,name,lat\n1,x,2\n".encode("utf-16-le"), "is not text"),
    ],
)
def test_what_is_no_table_is_refused_with_the_file_and_the_next_move(read, data, says):
    with pytest.raises(UnreadableFile, match=says) as error:
        read(data)
    assert str(error.value).startswith("table.csv")
    assert "Next: " in str(error.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(UnreadableFile, match=r"gone\.csv: no such file"):
        read_delimited(tmp_path / "gone.csv", required=REQUIRED)


def test_noise_is_refused_by_its_head_whatever_its_length(tmp_path):
    path = tmp_path / "noise.csv"
    path.write_bytes(os.urandom(1 << 20))
    with path.open("r+b") as file:
        file.truncate(4 << 30)  # a hole: reading it all would take its size in memory
    start = time.perf_counter()
    with pytest.raises(UnreadableFile, match="is not text"):
        read_delimited(path, required=REQUIRED)
    assert time.perf_counter() - start < 2
