"""Gettext PO: every message is translated, in the number of plural forms that the file declares."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polib

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.formats.pseudo import Pseudo

_CHARSET = re.compile(r"charset=[\w.:-]+", re.IGNORECASE)


def translate(text: str, pseudo: Pseudo) -> str:
    """
    Return the PO file with ``msgstr`` filled in.

    :raises ValueError: when it is not a PO file.
    """
    try:
        catalog = polib.pofile(text.replace("\r\n", "\n"), wrapwidth=0)
    except OSError as error:
        raise ValueError(str(error)) from None
    base, *region = pseudo.language.split("_")
    catalog.metadata["Language"] = "_".join([base, *(part.upper() for part in region)])
    if "Content-Type" in catalog.metadata:
        # Whatever its encoding was, it is written in UTF-8.
        catalog.metadata["Content-Type"] = _CHARSET.sub("charset=UTF-8", catalog.metadata["Content-Type"])
    plurals = re.search(r"nplurals=(\d+)", catalog.metadata.get("Plural-Forms", ""))
    for entry in catalog:
        if not entry.obsolete:
            _fill(entry, pseudo, int(plurals[1]) if plurals else 2)
    written = f"{catalog}"
    if not text.startswith("#"):
        # polib writes an empty comment where there is none.
        written = written.removeprefix("#\n")
    return written.replace("\n", "\r\n") if "\r\n" in text else written


def _fill(entry: polib.POEntry, pseudo: Pseudo, plurals: int) -> None:
    entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
    if entry.msgid_plural:
        forms = [entry.msgid, *[entry.msgid_plural] * (plurals - 1)]
        entry.msgstr_plural = {n: pseudo(form) for n, form in enumerate(forms)}
    else:
        entry.msgstr = pseudo(entry.msgid)
