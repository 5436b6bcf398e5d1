"""Reading XML that nobody has checked yet: no DOCTYPE, no entities, no network, bounded size, depth and node count."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from lxml import etree

from oms_workflow.errors import Diagnostic, DiagramRefused

MAX_BYTES = 4 * 1024 * 1024  # the largest diagram seen in the wild has well under 1 MB
MAX_DEPTH = 200  # libxml2 itself stops at 256; nested sub-processes use two levels each
MAX_ELEMENTS = 200_000  # bounds the time of every pass over the tree
MAX_ATTRIBUTE = 20_000  # characters; no name is longer than a line, and no expression in use than a page
_WITH_AN_ENDLESS_ATTRIBUTE = etree.XPath(f"//*[@*[string-length() > {MAX_ATTRIBUTE}]]")
_BELOW_THE_DEEPEST = etree.XPath("/*" * (MAX_DEPTH + 1))


def read_file(path: Path) -> bytes:
    """Give the bytes of a diagram file.

    Raises:
        DiagramRefused: When the file cannot be read or is larger than `MAX_BYTES`; it is not read into memory then.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise refusal(str(path), None, "file-too-large", *_too_large(size))
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise refusal(
            str(path), None, "file-unreadable", f"The file cannot be read: {reason}.", "Check the path and the rights."
        ) from error


def parse_xml(raw: bytes, file: str) -> etree._Element:
    """Give the root of an XML text that may be hostile.

    Raises:
        DiagramRefused: With one located finding, when it is too large, not well-formed, too deep or has a DOCTYPE.
    """
    if len(raw) > MAX_BYTES:
        raise refusal(file, None, "file-too-large", *_too_large(len(raw)))
    if not raw.strip():
        raise refusal(file, 1, "not-xml", "The file is empty.", "Save a diagram into it.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        if "depth" in str(error.msg):  # libxml2 stops at 256 levels and calls it a syntax error
            raise _too_deep(file, line) from None
        raise refusal(
            file, line, "not-xml", f"This is not well-formed XML: {error.msg}.", "Save the diagram again."
        ) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise refusal(file, 1, "doctype", "A diagram must not contain a DOCTYPE.", "Remove the <!DOCTYPE ...> line.")
    _check_extent(root, file)
    _check_texts(root, file)
    return root


def refusal(file: str, line: int | None, code: str, message: str, fix: str) -> DiagramRefused:
    """Make the refusal of a file as a whole."""
    return DiagramRefused([Diagnostic(code=code, message=message, file=file, line=line, fix=fix)])


def _check_extent(root: etree._Element, file: str) -> None:
    deepest = _BELOW_THE_DEEPEST(root)
    if isinstance(deepest, list) and deepest:
        raise _too_deep(file, _line(deepest[0]))
    for element in islice(root.iter(), MAX_ELEMENTS, None):
        message = f"The file has more than {MAX_ELEMENTS:,} elements."
        raise refusal(file, _line(element), "file-too-large", message, "Split the process into called processes.")


def _check_texts(root: etree._Element, file: str) -> None:
    """Names and ids go into messages and histories, so they have a bound; expressions have one of their own."""
    endless = _WITH_AN_ENDLESS_ATTRIBUTE(root)
    if isinstance(endless, list) and endless:
        message = f"An attribute has more than {MAX_ATTRIBUTE:,} characters."
        raise refusal(file, _line(endless[0]), "file-too-large", message, "Shorten it.")


def _too_deep(file: str, line: int | None) -> DiagramRefused:
    message = f"Elements are nested more than {MAX_DEPTH} deep."
    return refusal(file, line, "nested-too-deep", message, "Move inner parts to called processes.")


def _line(element: object) -> int | None:
    line = getattr(element, "sourceline", None)
    return line if isinstance(line, int) else None


def _too_large(size: int) -> tuple[str, str]:
    return (
        f"The file has {size:,} bytes; at most {MAX_BYTES:,} are read.",
        "Split the process into called processes.",
    )
