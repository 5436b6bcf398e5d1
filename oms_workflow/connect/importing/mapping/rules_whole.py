"""What has to be true of a mapping as a whole: nothing an order needs is missing, every name stands for something."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from zoneinfo import available_timezones

from oms_workflow.connect.importing.codes import CHECKS
from oms_workflow.connect.importing.findings import Findings, KeyPath, did_you_mean
from oms_workflow.connect.importing.mapping.model import Source
from oms_workflow.connect.importing.mapping.rules_files import ENCODINGS
from oms_workflow.connect.importing.mapping.shape import MappingShape, StockShape
from oms_workflow.connect.importing.mapping.targets import TARGETS
from oms_workflow.connect.importing.records.text_file import is_encoding
from oms_workflow.domain.currencies import DECIMALS
from oms_workflow.domain.identity import order_id

MISSING_FIELD, BAD_VALUE, BAD_CHECK = "mapping-missing-field", "mapping-value", "mapping-check"

Sources = Mapping[str, Mapping[str, Source]]


def check_whole(shape: MappingShape, sources: Sources, main: str, findings: Findings) -> None:
    """Find everything that is wrong with a mapping whose files and fields are sound each."""
    _check_head(shape, sources, findings)
    _check_needed(shape, sources, findings)
    _check_rows(shape, main, findings)
    _check_history(shape, findings)
    _check_treatments(shape, findings)
    if shape.stock is not None:
        _check_stock(shape.stock, shape, sources, findings)


def _check_head(shape: MappingShape, sources: Sources, findings: Findings) -> None:
    if shape.channel:
        try:
            order_id(shape.channel, "1")
        except ValueError as problem:
            findings.add(("channel",), BAD_VALUE, str(problem), 'For example: channel = "taobao".')
    elif "channel" not in sources["order"]:
        findings.add((), MISSING_FIELD, "The mapping names no channel.", 'Add channel = "..." at the top.')
    if shape.currency:
        if shape.currency not in DECIMALS:
            fix = did_you_mean(shape.currency, DECIMALS)
            findings.add(("currency",), BAD_VALUE, f"{shape.currency!r} is no currency of ISO 4217.", fix)
    elif "currency" not in sources["order"]:
        findings.add((), MISSING_FIELD, "The mapping names no currency.", 'Add currency = "CNY" at the top.')
    zones = available_timezones()
    if shape.time_zone not in zones:
        fix = did_you_mean(shape.time_zone, sorted(zones))
        findings.add(("time_zone",), BAD_VALUE, f"There is no time zone {shape.time_zone!r}.", fix)
    if shape.country and not (len(shape.country) == 2 and shape.country.isupper()):
        message = f"A country is a code of two capital letters, found {shape.country!r}."
        findings.add(("country",), BAD_VALUE, message, 'For example: country = "CN".')
    if not shape.country and "country" not in sources["contact"]:
        findings.add((), MISSING_FIELD, "The mapping names no country.", 'Add country = "CN" at the top.')
    if not is_encoding(shape.encoding):
        fix = did_you_mean(shape.encoding, ENCODINGS)
        findings.add(("encoding",), BAD_VALUE, f"There is no encoding {shape.encoding!r} of files.", fix)
    if shape.numbers.decimal == shape.numbers.thousands:
        findings.add(("numbers",), BAD_VALUE, "The sign before decimals and the one between thousands are equal.")


def _check_needed(shape: MappingShape, sources: Sources, findings: Findings) -> None:
    def needs(section: str, *names: str, why: str = "") -> None:
        if not any(name in sources[section] for name in names):
            message = f"[{section}] has to fill {' or '.join(repr(name) for name in names)}{why}."
            findings.add((section,), MISSING_FIELD, message, f'For example: {names[0]} = "a_column".')

    needs("order", "external_id", "number")
    needs("lines", "unit_price", "amount")
    for section in sources:
        wanted = [one.name for one in TARGETS[section].values() if one.required]
        for name in wanted:
            needs(section, name)
    if "unit_price" in sources["lines"] and "amount" in sources["lines"]:
        message = "[lines] fills either 'unit_price' or 'amount', the price of the whole line."
        findings.add(("lines", "amount"), BAD_VALUE, message, "Leave one of them away.")
    if shape.stock is not None and shape.stock.rows:
        needs("stock", "sku", why=" when it has `from`")
        needs("stock", "quantity", why=" when it has `from`")


def _check_rows(shape: MappingShape, main: str, findings: Findings) -> None:
    parts = [alias for alias, file in shape.files.items() if file.rows_of or file.inside]
    named = {
        "lines": shape.lines.rows,
        "payments": shape.payments.rows if shape.payments else "",
        "refunds": shape.refunds.rows if shape.refunds else "",
    }
    for section, alias in named.items():
        if alias and alias not in (main, *parts):
            message = f"[{section}] comes from the file of orders or from one with rows of orders, found {alias!r}."
            findings.add((section, "from"), BAD_VALUE, message, did_you_mean(alias, [main, *parts]))
    for section, one in (("payments", shape.payments), ("refunds", shape.refunds)):
        if one is not None and not _is_amount(one.tolerance):
            message = f"A tolerance is an amount of at least 0, found {one.tolerance!r}."
            findings.add((section, "tolerance"), BAD_VALUE, message, 'For example: tolerance = "0.01".')


def _check_history(shape: MappingShape, findings: Findings) -> None:
    history = shape.history
    for name, rules in (("expects", history.expects), ("contradicts", history.contradicts)):
        for status, steps in rules.items():
            path: KeyPath = ("history", name, status)
            if history.statuses and status not in history.statuses:
                fix = did_you_mean(status, history.statuses)
                findings.add(path, BAD_VALUE, f"{status!r} is none of the statuses.", fix)
            for step in steps:
                if step not in history.times:
                    message = f"There is no step {step!r} in [history.times]."
                    findings.add(path, BAD_VALUE, message, did_you_mean(step, history.times))


def _check_treatments(shape: MappingShape, findings: Findings) -> None:
    given = {("checks", code): (code, treatment) for code, treatment in shape.checks.items()}
    files = {
        ("files", alias, "missing"): ("unknown-reference", file.missing)
        for alias, file in shape.files.items()
        if file.missing is not None
    }
    for path, (code, treatment) in (given | files).items():
        check = CHECKS.get(code)
        if check is None:
            findings.add(path, BAD_CHECK, f"There is no check {code!r}.", did_you_mean(code, CHECKS))
        elif treatment not in check.allowed:
            allowed = ", ".join(sorted(one.value for one in check.allowed))
            message = f"{code!r} ({check.says}) cannot be treated as {treatment.value!r}; allowed: {allowed}."
            findings.add(path, BAD_CHECK, message, f'For example: {code} = "{check.treatment.value}".')


def _check_stock(stock: StockShape, shape: MappingShape, sources: Sources, findings: Findings) -> None:
    for name, lane in (("same_region", stock.same_region), ("elsewhere", stock.elsewhere)):
        if not _is_amount(lane.cost):
            message = f"The cost of a parcel is an amount of at least 0, found {lane.cost!r}."
            findings.add(("stock", name, "cost"), BAD_VALUE, message, 'For example: cost = "8.50".')
    if not shape.currency:
        message = "Costs of parcels are in the mapping's currency, and it names none."
        findings.add(("stock",), MISSING_FIELD, message, 'Add currency = "CNY" at the top.')
    if stock.rows and not (stock.rows in shape.files and shape.files[stock.rows].stands_alone):
        alone = [alias for alias, file in shape.files.items() if file.stands_alone]
        message = f"[stock] comes from a file with `stands_alone = true`, found {stock.rows!r}."
        findings.add(("stock", "from"), BAD_VALUE, message, did_you_mean(stock.rows, alone))
    if stock.rows and ("factor" in stock.model_fields_set or "minimum" in stock.model_fields_set):
        message = "`factor` and `minimum` mean nothing when quantities come from a file."
        findings.add(("stock",), BAD_VALUE, message, "Leave them away.")


def _is_amount(text: str) -> bool:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return False
    return amount.is_finite() and amount >= 0
