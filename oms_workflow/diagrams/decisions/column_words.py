"""Pieces of a table's column in words, for messages."""

from __future__ import annotations

from oms_workflow.diagrams.decisions.columns import Column
from oms_workflow.feel.budget import Budget
from oms_workflow.feel.text import format_value
from oms_workflow.feel.values import Value


def described(column: Column, mask: int) -> str:
    """Say in words which values some pieces of a column are."""
    if mask == column.domain:
        return ""
    if any(piece.other for piece in column.pieces):
        return _described_texts(column, mask)
    parts = [_described_run(column, run) for run in _runs(mask, len(column.pieces))]
    return f"'{column.label}' is {' or '.join(parts)}"


def _described_texts(column: Column, mask: int) -> str:
    named = [piece for bit, piece in enumerate(column.pieces) if mask >> bit & 1 and not piece.other]
    if mask >> (len(column.pieces) - 1) & 1:
        shut_out = [p for bit, p in enumerate(column.pieces) if not mask >> bit & 1 and not p.other]
        return f"'{column.label}' is none of {', '.join(_shown(piece.low) for piece in shut_out)}"
    return f"'{column.label}' is {' or '.join(_shown(piece.low) for piece in named)}"


def _runs(mask: int, size: int) -> list[tuple[int, int]]:
    """First and last bit of each run of neighbouring bits."""
    runs: list[tuple[int, int]] = []
    for bit in range(size):
        if mask >> bit & 1:
            if runs and runs[-1][1] == bit - 1:
                runs[-1] = (runs[-1][0], bit)
            else:
                runs.append((bit, bit))
    return runs


def _described_run(column: Column, run: tuple[int, int]) -> str:
    first, last = column.pieces[run[0]], column.pieces[run[1]]
    if first.is_point and first is last:
        return _shown(first.low)
    parts = []
    if first.low is not None:
        parts.append(f"{'at least' if first.is_point else 'more than'} {_shown(first.low)}")
    if last.high is not None:
        parts.append(f"{'at most' if last.is_point else 'less than'} {_shown(last.high)}")
    return " and ".join(parts) or "anything"


def _shown(value: Value) -> str:
    return f'"{value}"' if isinstance(value, str) else format_value(value, Budget())
