"""Reading files and XML: what is given back when nothing is wrong. What is refused is in test_hostile.py."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from oms_workflow.diagrams.hardened import MAX_DEPTH, parse_xml, read_file
from oms_workflow.errors import DiagramRefused

NOBODY = 65_534  # a user number nobody has


def test_a_file_is_given_as_it_is(tmp_path):
    """Bytes are hashed and saved again, so nothing may be changed in them."""
    path = tmp_path / "a.bpmn"
    path.write_bytes(b"\xef\xbb\xbf<a/>\r\n")

    assert read_file(path) == b"\xef\xbb\xbf<a/>\r\n"


def test_any_encoding_that_xml_declares_is_read():
    """Modelers of other systems write UTF-16 or GB 18030."""
    for encoding in ("utf-8", "utf-16", "gb18030"):
        root = parse_xml(f'<?xml version="1.0" encoding="{encoding}"?><a name="库存"/>'.encode(encoding), "a.bpmn")
        assert root.get("name") == "库存"


def test_the_greatest_depth_is_still_read():
    """The limit itself is allowed."""
    assert parse_xml(b"<a>" * MAX_DEPTH + b"</a>" * MAX_DEPTH, "a.bpmn") is not None


@contextmanager
def as_nobody() -> Iterator[None]:
    """Root may read every file: as root, be somebody else for a while."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)


def test_a_file_without_the_right_to_read_it_is_refused():
    """The message says what is missing."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # everybody may look into it
        path = Path(folder, "a.bpmn")
        path.write_bytes(b"<a/>")
        with as_nobody():
            assert read_file(path) == b"<a/>"
        path.chmod(0)
        with as_nobody(), pytest.raises(DiagramRefused, match="file-unreadable"):
            read_file(path)


def test_a_folder_is_no_file(tmp_path):
    """Mixing up a folder and a file is common on the command line."""
    with pytest.raises(DiagramRefused, match="file-unreadable"):
        read_file(tmp_path)
