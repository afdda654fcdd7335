"""Source files: found by path or glob, checked against Phrase's limits, read as streams."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import IO, TYPE_CHECKING, NamedTuple, TypedDict

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.files.exclusion import Exclusion, LeftOut
from phrase_provider.files.globs import expand_all
from phrase_provider.files.names import (
    Offence,
    is_archive,
    is_zip_name,
    require_absolute,
    require_relative_path,
    require_target_name,
    shown,
    source_name_offences,
)
from phrase_provider.files.storage import filesystem, join, locate, store_of
from phrase_provider.text import composed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


#: Bytes that Phrase takes in one upload (help centre, "Phrase TMS Limits": 1 GB).
MAX_SOURCE_BYTES = 1_000_000_000

_CHUNK_BYTES = 1024 * 1024
_ZIP = b"PK\x03\x04"


class SourceItem(TypedDict):
    """A file to translate as plain JSON: as :class:`SourceFile`."""

    path: str
    relative_path: str
    size: int


@dataclass(frozen=True, slots=True)
class SourceFile:
    """
    A file to translate.

    :param path: absolute local path or URL.
    :param relative_path: path below the base folder, with ``/``; Phrase gets its folder, targets its shape.
    :param size: bytes.
    :param stamp: another text when the content may be another, see
        :func:`~phrase_provider.files.stamps.stamp_of`; ``""``: not known.
    """

    path: str
    relative_path: str
    size: int
    stamp: str = field(default="", compare=False)

    @property
    def name(self) -> str:
        return self.relative_path.rpartition("/")[2]

    @property
    def folder(self) -> str:
        """Folder below the base, ``""`` at the top."""
        return self.relative_path.rpartition("/")[0]

    @property
    def base(self) -> str:
        """Folder from which the relative path starts; ``""`` where that is not the end of the path."""
        folder = self.path.removesuffix(self.relative_path)
        return (folder.rstrip("/") or "/") if folder.endswith("/") and folder != self.path else ""

    def as_dict(self) -> SourceItem:
        return {"path": self.path, "relative_path": self.relative_path, "size": self.size}

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> SourceFile:
        """
        Read what :meth:`as_dict` wrote.

        :param data: ``{path, relative_path, size}``; other keys do not matter.
        :raises PhraseInputError: a key is missing, or a value cannot be what it stands for.
        """
        path, relative_path, size = (data.get(key) for key in ("path", "relative_path", "size"))
        if not (isinstance(path, str) and isinstance(relative_path, str) and isinstance(size, int)):
            raise PhraseInputError(
                "A planned file lacks its path, relative_path or size, or has something else in their place",
                hint="Give the items as PhrasePlanOperator returns them.",
            )
        return cls(require_absolute(path), require_relative_path(relative_path), size)


class FoundSources(NamedTuple):
    """
    What a source names.

    :param files: to translate; sorted by path, each file once.
    :param left_out: the others.
    """

    files: list[SourceFile]
    left_out: list[LeftOut]


def find_sources(source: str | Sequence[str], *, base: str | None = None) -> list[SourceFile]:
    """
    Return the source files, and refuse those that Phrase could not take.

    Takes and raises what :func:`search_sources` does.

    :return: sorted by path, each file once.
    """
    return search_sources(source, base=base).files


def search_sources(
    source: str | Sequence[str],
    *,
    base: str | None = None,
    exclude: str | Sequence[str] | None = None,
    skip_empty: bool = False,
) -> FoundSources:
    """
    Return the source files without what is left out, and refuse those that Phrase could not take.

    Globs skip hidden files and folders.

    :param source: one or several of: local path, URL, glob (``samples/**/*.md``,
        ``s3://conn_id@bucket/in/**/*``).
    :param base: folder from which relative paths start. Default: the folder before a glob's first
        wildcard, or a file's folder; for several sources in one store, what these have in common.
    :param exclude: see :class:`~phrase_provider.files.exclusion.Exclusion`.
    :param skip_empty: leave out files of 0 bytes, which are refused otherwise.
    :raises PhraseInputError: names every source that is missing, a folder, empty, too large, or named as
        Phrase could not take it, or outside the base, and every glob without a match; or all are left out.
    """
    items = [item for item in ([source] if isinstance(source, str) else source) if item.strip()]
    if not items:
        raise PhraseInputError("No source is given", hint="Name a file, or a glob such as samples/**/*.md.")
    exclusion = Exclusion(exclude)
    matches, offences = expand_all(items)
    bases = _common_folders(match.folder for match in matches)
    found, left_out = {}, []
    for match in sorted(set(matches)):
        folder = locate(base) if base else bases[store_of(match.path)]
        file = SourceFile(match.path, _below(folder, match.path), match.size, match.stamp)
        if exclusion.matches(file.path, file.relative_path):
            left_out.append(LeftOut(file.path, "excluded"))
        elif skip_empty and not file.size:
            left_out.append(LeftOut(file.path, "empty"))
        else:
            found[match.path] = file
            offences += _offences(file, folder)
    if offences:
        raise _as_one(list(dict.fromkeys(offences)))
    if not found:
        raise _nothing_left(left_out)
    return FoundSources(list(found.values()), list(dict.fromkeys(left_out)))


def resolve_sources(
    source: str | Mapping[str, object] | Sequence[str | Mapping[str, object]],
    *,
    base: str | None = None,
    exclude: str | Sequence[str] | None = None,
    skip_empty: bool = False,
) -> list[SourceFile]:
    """
    Return the source files of a task, checked as they are now.

    :param source: as in :func:`find_sources`, or what :meth:`SourceFile.as_dict` wrote: such a file
        keeps its relative path.
    :param base: for those that are given by path or glob.
    :param exclude: the same, as in :func:`search_sources`.
    :param skip_empty: the same.
    :raises PhraseInputError: as :func:`search_sources` tells, or two files share a relative path.
    """
    items = [source] if isinstance(source, (str, Mapping)) else list(source)
    texts = [item for item in items if isinstance(item, str)]
    files: list[SourceFile] = []
    if texts or not items:
        files += search_sources(texts, base=base, exclude=exclude, skip_empty=skip_empty).files
    for item in items:
        if isinstance(item, Mapping):
            files += _planned(item)
    require_distinct(files)
    return files


def _planned(item: Mapping[str, object]) -> list[SourceFile]:
    planned = SourceFile.from_dict(item)
    for path in _targets(item):
        # After the upload it would be too late.
        require_target_name(path)
    files = [replace(file, relative_path=planned.relative_path) for file in find_sources(planned.path)]
    if is_zip_name(planned.relative_path):
        raise _as_one([is_archive(planned.path)])
    return files


def _targets(item: Mapping[str, object]) -> Iterable[str]:
    targets = item.get("targets") or {}
    if isinstance(targets, Mapping) and all(isinstance(path, str) for path in targets.values()):
        return targets.values()
    raise PhraseInputError(
        f"The targets of {shown(str(item['path']))} are not paths by language",
        hint="Give the items as PhrasePlanOperator returns them.",
    )


def require_distinct(files: Iterable[SourceFile]) -> None:
    """
    Check that each file has a relative path of its own.

    :raises PhraseInputError: two would be one in Phrase.
    """
    seen: dict[str, SourceFile] = {}
    for file in files:
        # Phrase's names are compared whatever way an accent is composed.
        other = seen.setdefault(composed(file.relative_path), file)
        if other.path != file.path:
            raise PhraseInputError(
                f"{shown(other.path)} and {shown(file.path)} would both be {shown(file.relative_path)} "
                "in Phrase",
                hint="Choose a base above both, so that their folders tell them apart.",
            )


def open_source(path: str) -> IO[bytes]:
    """
    Open a source file for reading as a stream; a context manager.

    :param path: local path or URL.
    :raises PhraseInputError: it is missing, a folder, or may not be read.
    """
    fs, inner = filesystem(locate(path))
    try:
        return fs.open(inner, "rb")
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        raise PhraseInputError(
            f"{shown(path)} cannot be read: {error.strerror or error}",
            hint="Check the path and the rights of the user that runs the task.",
        ) from error


def checksum(path: str) -> str:
    """
    Return the SHA-256 of a source file's content in hex, read in constant memory.

    :param path: local path or URL.
    :raises PhraseInputError: the file cannot be read.
    """
    with open_source(path) as file:
        return fingerprint(iter(lambda: file.read(_CHUNK_BYTES), b""))


def fingerprint(pieces: Iterable[bytes]) -> str:
    """
    Return the SHA-256 of content, in hex.

    :param pieces: the content, in order; its errors pass through.
    """
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def _common_folders(folders: Iterable[str]) -> dict[str, str]:
    common: dict[str, str] = {}
    for folder in folders:
        store = store_of(folder)
        common[store] = _common_folder(common.get(store, folder), folder)
    return common


def _common_folder(one: str, other: str) -> str:
    pairs = zip(one.split("/"), other.split("/"), strict=False)
    return "/".join(part for part, _ in takewhile(lambda pair: pair[0] == pair[1], pairs)) or "/"


def _below(folder: str, path: str) -> str:
    return path.removeprefix(join(folder, ""))


def _offences(file: SourceFile, folder: str) -> Iterator[Offence]:
    path = shown(file.path)
    if file.relative_path == file.path:
        yield Offence(f"{path} is not below the base {shown(folder)}", "Choose a base above all sources.")
    else:
        yield from source_name_offences(file.path, file.relative_path)
    if file.size == 0:
        yield Offence(f"{path} is empty", "Fill the file or leave it out, by exclude or skip_empty.")
    if file.size and "." not in file.name and _starts_as_zip(file.path):
        yield is_archive(file.path)
    if file.size > MAX_SOURCE_BYTES:
        yield Offence(f"{path} has {file.size:,} bytes, Phrase takes {MAX_SOURCE_BYTES:,}", "Split the file.")


def _starts_as_zip(path: str) -> bool:
    # Not of names with a suffix: office documents are ZIP files, too, and each look is a request to a store.
    with open_source(path) as file:
        return file.read(len(_ZIP)) == _ZIP


def _nothing_left(left_out: Sequence[LeftOut]) -> PhraseInputError:
    return PhraseInputError(
        f"Every file of the source is left out: {len(left_out):,}, the first is {shown(left_out[0].path)} "
        f"({left_out[0].reason})",
        hint="Exclude fewer files, or name other sources.",
    )


def _as_one(offences: Sequence[Offence]) -> PhraseInputError:
    problems = "; ".join(offence.problem for offence in offences)
    mends = dict.fromkeys(offence.mend for offence in offences)
    return PhraseInputError(f"The source cannot be used: {problems}", hint=" ".join(mends))
