"""What the SDK logs: to standard error as all log lines, since standard output is the answer; and each thing once."""

from __future__ import annotations

import logging
from functools import lru_cache

from temporalio.runtime import LogForwardingConfig, LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter

CORE = "oms.temporal"  # logger of the SDK's core, which by itself writes to standard output


@lru_cache(maxsize=1)
def tame_sdk_logs() -> None:
    """Lead the core's warnings through Python's logging. Has to come before the first client of this process."""
    forwarding = LogForwardingConfig(logger=logging.getLogger(CORE), append_log_fields_to_message=False)
    chosen = LoggingConfig(filter=TelemetryFilter(core_level="WARN", other_level="ERROR"), forwarding=forwarding)
    Runtime.set_default(Runtime(telemetry=TelemetryConfig(logging=chosen)), error_if_already_set=False)
    logging.getLogger("temporalio.activity").setLevel(logging.CRITICAL)  # told again by us, with order and node
