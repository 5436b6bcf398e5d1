"""Where log lines go while a command runs: to standard error, because standard output is the command's answer."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog


def keep_quiet() -> None:
    """Show only warnings and errors: whoever runs one command reads its answer, not how it came about."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=_standard_error,
        cache_logger_on_first_use=False,
    )


def _standard_error(*_: Any) -> structlog.PrintLogger:
    return structlog.PrintLogger(sys.stderr)
