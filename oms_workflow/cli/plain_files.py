"""Files in the house's own columns on the command line: read, told row by row, bad rows written beside the file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import DONE, NO, as_json, leave, out

if TYPE_CHECKING:
    from oms_workflow.connect.importing.plain_rows import Cells, PlainRows

SHOWN = 20  # reasons on a screen; the quarantine file has all

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRead(Generic[T]):
    """What a file held."""

    rows: PlainRows[T]
    quarantine: Path | None  # where bad rows went; None when there were none

    def tell(self, json: bool, *, key: str, **more: Any) -> None:
        """Say what came of it and end the command: 1 when rows were kept aside."""
        aside = [{"line": row.line, "reasons": list(row.reasons)} for row in self.rows.bad]
        kept = str(self.quarantine) if self.quarantine is not None else None
        if json:
            as_json({"rows": len(self.rows.good), "kept_aside": aside, "quarantine": kept, **more})
        else:
            for row in self.rows.bad[:SHOWN]:
                out.print(f"{row.line}: {'; '.join(row.reasons)}", style="red", markup=False)
            out.print(say(key, rows=len(self.rows.good), aside=len(aside), **more), markup=False)
            if kept:
                out.print(say("plain_files.quarantine", file=kept), markup=False, soft_wrap=True)
        leave(NO if aside else DONE)


def read_file(
    file: Path,
    *,
    columns: Sequence[str],
    required: Iterable[str],
    read: Callable[[Cells], T],
    named: Callable[[T], Iterable[str]],
    quarantine: Path | None,
) -> FileRead[T]:
    """Read a file; rows that cannot be used, and all rows of what is named twice, are kept aside.

    Raises:
        Unusable: When the file cannot be read, or the bad rows cannot be written.
    """
    from oms_workflow.connect.importing.plain_rows import Unreadable, read_plain_rows, write_aside

    try:
        rows = read_plain_rows(file, columns=columns, required=required, read=read)
        rows = rows.once_each(named)
        aside = quarantine or file.with_name(f"{file.stem}.quarantine.csv")
        if rows.bad:
            write_aside(aside, rows)
    except Unreadable as wrong:
        raise Unusable(str(wrong), code="unreadable") from None
    except OSError as wrong:
        raise Unusable(say("plain_files.unusable", file=file, why=wrong.strerror), code="unreadable") from None
    return FileRead(rows=rows, quarantine=aside if rows.bad else None)
