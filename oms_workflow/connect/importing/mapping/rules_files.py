"""What has to be true of the files of a mapping: one file of orders, and everything else hangs on it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from oms_workflow.connect.importing.findings import Findings, did_you_mean
from oms_workflow.connect.importing.mapping.joins import look_ups_of, mains_of, split_reference
from oms_workflow.connect.importing.mapping.shape import FileShape
from oms_workflow.connect.importing.records.text_file import is_encoding

BAD_FILE = "mapping-files"
_ALIAS = re.compile(r"[^\W\d]\w*\Z")

Files = Mapping[str, FileShape]


def check_files(files: Files, findings: Findings) -> None:
    """Find everything that is wrong with `[files]`."""
    for alias, file in files.items():
        _check_alone(alias, file, findings)
        if file.rows_of or file.inside:
            _check_rows(alias, file, files, findings)
        if file.looked_up_by:
            _check_look_up(alias, file, files, findings)
    mains = mains_of(files)
    if len(mains) != 1:
        named = ", ".join(repr(one) for one in mains) or "none"
        fix = "Give all others `rows_of`, `inside`, `looked_up_by` or `stands_alone`."
        message = f"Expected exactly one file of orders, which hangs on no other; found {named}."
        findings.add(("files",), BAD_FILE, message, fix)
    elif not files[mains[0]].key:
        message = "The file of orders needs `key`: the column(s) that name an order."
        findings.add(("files", mains[0]), BAD_FILE, message, 'For example: key = "order_id".')
    _check_circles(files, findings)


def _check_alone(alias: str, file: FileShape, findings: Findings) -> None:
    path = ("files", alias)
    if not _ALIAS.match(alias):
        message = f"A file is called by one word of letters, digits and _, found {alias!r}."
        findings.add(path, BAD_FILE, message, "Expressions use it as a name.")
    roles = [name for name in ("rows_of", "inside", "looked_up_by", "stands_alone") if getattr(file, name)]
    if len(roles) > 1:
        findings.add(path, BAD_FILE, f"A file has one role, found {' and '.join(roles)}.", "Keep one of them.")
    if file.encoding and not is_encoding(file.encoding):
        message = f"There is no encoding {file.encoding!r} of files."
        findings.add((*path, "encoding"), BAD_FILE, message, did_you_mean(file.encoding, ENCODINGS))
    if file.delimiter in '"\r\n' or (file.decimal and file.decimal == file.thousands):
        message = "Delimiter, decimal sign and sign between thousands must be three different signs, and no quote."
        findings.add(path, BAD_FILE, message, 'For example: delimiter = ";", decimal = ",", thousands = ".".')
    if file.by and not file.rows_of:
        findings.add((*path, "by"), BAD_FILE, "`by` means nothing without `rows_of`.", "Say whose rows these are.")


ENCODINGS = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk", "big5", "shift_jis", "cp1252", "latin-1")
"""Usual encodings, for suggestions."""


def _check_rows(alias: str, file: FileShape, files: Files, findings: Findings) -> None:
    path = ("files", alias)
    role = "rows_of" if file.rows_of else "inside"
    parent = file.rows_of or file.inside
    if parent not in files:
        findings.add((*path, role), BAD_FILE, f"There is no file {parent!r}.", did_you_mean(parent, files))
        return
    if parent not in mains_of(files):
        message = f"Rows belong to orders: {parent!r} is not the file of orders."
        findings.add((*path, role), BAD_FILE, message, "Look it up by key instead, with `looked_up_by`.")
        return
    if role == "inside":
        if not file.path:
            message = "`path` is needed: the keys that lead to the list in a row of the order."
            findings.add(path, BAD_FILE, message, 'For example: path = "items".')
        return
    if len(file.by) != len(files[parent].key):
        message = f"`by` names {len(file.by)} columns, the key of {parent!r} {len(files[parent].key)}."
        findings.add(path, BAD_FILE, message, "Name the columns with the order's key, in the same order.")


def _check_look_up(alias: str, file: FileShape, files: Files, findings: Findings) -> None:
    path = ("files", alias)
    references = [split_reference(text, files, "") for text in file.looked_up_by]
    bases = {base for base, _ in references}
    if "" in bases or len(bases) != 1:
        message = f"`looked_up_by` names a column of another file, found {', '.join(file.looked_up_by)!r}."
        fix = f'For example: looked_up_by = "{next(iter(files))}.{alias}_id".'
        findings.add((*path, "looked_up_by"), BAD_FILE, message, fix)
    if len(file.key) != len(file.looked_up_by):
        message = f"`key` names {len(file.key)} columns, `looked_up_by` {len(file.looked_up_by)}."
        findings.add(path, BAD_FILE, message, "Each column of `looked_up_by` has its column in `key`.")


def _check_circles(files: Files, findings: Findings) -> None:
    looking = {alias for alias, file in files.items() if file.looked_up_by}
    if any(split_reference(text, files, "")[0] == "" for alias in looking for text in files[alias].looked_up_by):
        return
    for alias in sorted(looking - {one.alias for one in look_ups_of(files)}):
        message = "This look-up hangs on itself, directly or through other look-ups."
        findings.add(("files", alias, "looked_up_by"), BAD_FILE, message, "Name a column of the orders or their rows.")
