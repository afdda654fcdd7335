"""CSV and TSV: the header row and, with several columns, the first column (ids) stay unchanged."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.formats.pseudo import Pseudo

_DELIMITERS = ",;\t|"
_ENDINGS = ("\r\n", "\n", "\r")


def translate(text: str, pseudo: Pseudo) -> str:
    """
    Return the table with its cells translated.

    :raises ValueError: when it cannot be read as a table.
    """
    ending = next((ending for ending in _ENDINGS if ending in text), "")
    delimiter = max(_DELIMITERS, key=(text.partition(ending)[0] if ending else text).count)
    written = io.StringIO(newline="")
    writer = csv.writer(
        written,
        delimiter=delimiter,
        lineterminator=ending or "\n",
        quoting=csv.QUOTE_ALL if text.startswith('"') else csv.QUOTE_MINIMAL,
    )
    try:
        for number, row in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        ):
            writer.writerow(row if number == 0 else _row(row, pseudo))
    except csv.Error as error:
        raise ValueError(str(error)) from None
    table = written.getvalue()
    return table if ending and text.endswith(ending) else table.removesuffix(ending or "\n")


def _row(row: list[str], pseudo: Pseudo) -> list[str]:
    ids = 1 if len(row) > 1 else 0
    return row[:ids] + [pseudo(cell) for cell in row[ids:]]
