"""Reading XML that nobody has checked yet: no DOCTYPE, no entities, no network, bounded size, depth and node count."""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from oms_workflow.errors import Diagnostic, DiagramRefused

MAX_BYTES = 4 * 1024 * 1024  # the largest diagram seen in the wild has well under 1 MB
MAX_DEPTH = 200  # libxml2 itself stops at 256; nested sub-processes use two levels each
MAX_TAGS = 400_000  # signs '<' in a file, counted before anything is parsed: each element takes up to 200 bytes
MAX_ELEMENTS = 30_000  # besides the drawing; bounds the time of every pass over the tree, 30 microseconds each in all
MAX_ATTRIBUTE = 20_000  # characters; no name is longer than a line, and no expression in use than a page
SPLIT = "Split it: a process into called processes, a decision model into models that import each other."
MAX_ATTRIBUTES = 100  # of one element; lxml takes the square of their number to read them
_WITH_TOO_MANY_ATTRIBUTES = etree.XPath(f"//*[count(@*) > {MAX_ATTRIBUTES}]")
_WITH_AN_ENDLESS_ATTRIBUTE = etree.XPath(f"//*[@*[string-length() > {MAX_ATTRIBUTE}]]")
_DRAWING = ("/DI", "/DC", "/DMNDI")  # in the name spaces of everything that only says where things stand on the page
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
    if raw.count(b"<") > MAX_TAGS:
        raise refusal(file, None, "file-too-large", f"The file has more than {MAX_TAGS:,} tags.", SPLIT)
    if not raw.strip():
        raise refusal(file, 1, "not-xml", "The file is empty.", "Save a diagram into it.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        if "depth" in str(error.msg):  # libxml2 stops at 256 levels and calls it a syntax error
            raise _too_deep(file, line) from None
        if b"<!DOCTYPE" in raw:  # an entity that unfolds without end is an error of syntax for libxml2
            raise _doctype(file) from None
        raise refusal(
            file, line, "not-xml", f"This is not well-formed XML: {error.msg}.", "Save the diagram again."
        ) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise _doctype(file)
    _check_extent(root, file)
    _check_texts(root, file)
    return root


def refusal(file: str, line: int | None, code: str, message: str, fix: str, element: str = "") -> DiagramRefused:
    """Make the refusal of a file as a whole."""
    return DiagramRefused([Diagnostic(code=code, message=message, file=file, line=line, element=element, fix=fix)])


def _check_extent(root: etree._Element, file: str) -> None:
    deepest = _BELOW_THE_DEEPEST(root)
    if isinstance(deepest, list) and deepest:
        raise _too_deep(file, line_of(deepest[0]))
    counted: dict[str, bool] = {}  # whether the elements of a tag are more than drawing
    count = 0
    for element in root.iter(etree.Element):
        tag = str(element.tag)
        if tag not in counted:
            counted[tag] = not any(part in tag.partition("}")[0] for part in _DRAWING)
        count += counted[tag]
        if count > MAX_ELEMENTS:
            message = f"The file has more than {MAX_ELEMENTS:,} elements besides its drawing."
            raise refusal(file, line_of(element), "file-too-large", message, SPLIT)


def _check_texts(root: etree._Element, file: str) -> None:
    """Names and ids go into messages and histories, so they have a bound; expressions have one of their own."""
    crowded = _WITH_TOO_MANY_ATTRIBUTES(root)
    if isinstance(crowded, list) and crowded and isinstance(crowded[0], etree._Element):
        message = f"An element has more than {MAX_ATTRIBUTES} attributes."
        named = etree.QName(crowded[0]).localname
        fix = "Remove those that mean nothing."
        raise refusal(file, line_of(crowded[0]), "file-too-large", message, fix, crowded[0].get("id") or named)
    endless = _WITH_AN_ENDLESS_ATTRIBUTE(root)
    if isinstance(endless, list) and endless:
        message = f"An attribute has more than {MAX_ATTRIBUTE:,} characters."
        raise refusal(file, line_of(endless[0]), "file-too-large", message, "Shorten it.")


def _doctype(file: str) -> DiagramRefused:
    return refusal(file, 1, "doctype", "A diagram must not contain a DOCTYPE.", "Remove the <!DOCTYPE ...> line.")


def _too_deep(file: str, line: int | None) -> DiagramRefused:
    message = f"Elements are nested more than {MAX_DEPTH} deep."
    return refusal(file, line, "nested-too-deep", message, "Move inner parts to called processes.")


def line_of(element: object) -> int | None:
    """Give the line of an element, None when libxml2 does not know it."""
    line = getattr(element, "sourceline", None)
    return line if isinstance(line, int) else None


def _too_large(size: int) -> tuple[str, str]:
    return (
        f"The file has {size:,} bytes; at most {MAX_BYTES:,} are read.",
        SPLIT,
    )
