"""CSV as spreadsheets, Canvas and Moodle write it: any of their encodings and separators."""

import csv
import io
from pathlib import Path

from autograder.errors import AutograderError

MAX_BYTES = 20 * 2**20
csv.field_size_limit(MAX_BYTES)  # Moodle's worksheet has what students typed in one cell


def read_rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """(line number, row) for each row below the header; columns in lower case, values stripped."""
    text = io.StringIO(text_of(path), newline="")
    reader = csv.reader(text, delimiter=separator_of(path), strict=True)
    rows = []
    try:
        header = [name.strip().casefold() for name in next(reader, [])]
        for values in reader:
            if any(value.strip() for value in values):
                row = dict.fromkeys(header, "") | dict(
                    zip(header, map(str.strip, values), strict=False)
                )
                rows.append((reader.line_num, row))
    except csv.Error as error:
        raise AutograderError(
            f"{path}, line {reader.line_num}: expected CSV, but {error}"
        ) from None
    return rows


def columns(path: Path) -> list[str]:
    """The names of its columns, as they are written."""
    header = next(csv.reader(io.StringIO(text_of(path)), delimiter=separator_of(path)), [])
    return [name.strip() for name in header]


def text_of(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise AutograderError(f"{path} cannot be read: {error.strerror}") from None
    if len(content) > MAX_BYTES or b"\0" in content and not content.startswith(_UTF16):
        raise AutograderError(
            f"{path} should be a CSV file, but it is none. Is it a spreadsheet? Save it as CSV."
        )
    for encoding in ("utf-16",) if content.startswith(_UTF16) else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def separator_of(path: Path) -> str:
    """A comma; where the header has more of them, a semicolon or a tab."""
    header = text_of(path).split("\n", 1)[0]
    return max(",;\t", key=header.count)
