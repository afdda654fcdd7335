"""CSV and TSV: the header row and, where there are several columns, the first column (ids) stay."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phrase_provider.simulator.formats.pseudo import Pseudo

_DELIMITERS = ",;\t|"


def translate(text: str, pseudo: Pseudo) -> str:
    """
    Translate the cells of a table.

    :raises ValueError: when it cannot be read as a table.
    """
    delimiter = max(_DELIMITERS, key=text.partition("\n")[0].count)
    written = io.StringIO(newline="")
    ending = "\r\n" if "\r\n" in text else "\n"
    writer = csv.writer(written, delimiter=delimiter, lineterminator=ending)
    try:
        for number, row in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        ):
            writer.writerow(row if number == 0 else _row(row, pseudo))
    except csv.Error as error:
        raise ValueError(str(error)) from None
    return written.getvalue()


def _row(row: list[str], pseudo: Pseudo) -> list[str]:
    ids = 1 if len(row) > 1 else 0
    return row[:ids] + [pseudo(cell) for cell in row[ids:]]
