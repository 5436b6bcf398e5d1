"""Reads one order out of its rows: their values in the words of intake, then intake itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from oms_workflow.connect.importing.building.amounts import (
    check_amounts,
    paid_in_all,
    read_payments,
    read_refunds,
    refunded_in_all,
)
from oms_workflow.connect.importing.building.contact import contact_fields
from oms_workflow.connect.importing.building.fields import Fields
from oms_workflow.connect.importing.building.history import read_history
from oms_workflow.connect.importing.building.intake_findings import report_intake
from oms_workflow.connect.importing.building.lines import RawLine, raw_lines
from oms_workflow.connect.importing.mapping.model import ImportMapping
from oms_workflow.connect.importing.problem import Report
from oms_workflow.connect.importing.results import Intake, Paid, Refunded
from oms_workflow.connect.importing.scope import Scope
from oms_workflow.domain.currencies import DECIMALS
from oms_workflow.domain.identity import order_id
from oms_workflow.domain.intake import ChannelHabits, read_order
from oms_workflow.domain.service_level import Origin

REMARKS = ("buyer_message", "seller_remark")


class OrderReader:
    """Reads one order."""

    def __init__(self, mapping: ImportMapping, scope: Scope, report: Report, *, at: datetime) -> None:
        self._mapping = mapping
        self._scope = scope
        self._report = report
        self._at = at
        self._order = Fields(mapping, mapping.section("order"), scope, report)
        self._placed_at = self._order.time("placed_at")
        self._currency = self._order.text("currency", mapping.shape.currency).upper()
        self._external_id = self._order.text("external_id")
        self._number = self._order.text("number") or self._external_id
        self._channel = self._order.text("channel", mapping.shape.channel)

    @property
    def name(self) -> str:
        """The id the order has or would have; '' when none can be made."""
        try:
            return order_id(self._channel, self._number.removeprefix("#"))
        except ValueError:
            return ""

    def intake(self) -> Intake | None:
        """Give the order with all that comes with it; None when there is none to speak of."""
        mapping, report, scope = self._mapping, self._report, self._scope
        if not self.name:
            self._refuse_name()
        if self._currency not in DECIMALS:
            message = "expected an ISO 4217 code such as CNY"
            report.found("bad-value", message, place=scope.row.place, field="order.currency", vital=True)
            return None
        lines = raw_lines(mapping, self._rows_for("lines"), self._number, self._currency, report)
        payments, refunds = self._payments()
        history = read_history(
            mapping, scope, report, placed_at=self._placed_at, payments=payments, refunds=refunds
        )  # fmt: skip
        raw = self._raw(lines)
        if not self.name:
            return None
        reading = read_order(raw, self._habits(), at=self._at)
        report_intake(mapping, reading.problems, scope, lines, report)
        if reading.draft is None:
            return None
        draft = replace(reading.draft, paid=bool(payments))
        check_amounts(mapping, draft.bare.total, payments, refunds, report)
        records = mapping.shape.payments is None or mapping.shape.payments.record
        return Intake(
            draft=draft,
            payments=payments if records else (),
            refunds=refunds,
            history=history,
            origins=tuple(one.origin for one in lines) if mapping.shape.stock is not None else (),
        )

    def _refuse_name(self) -> None:
        """Note that no id can be made of channel and number."""
        message = "expected a channel in small letters, and a number of 1 to 64 characters without blanks and '/'"
        code = "bad-id" if self._number else "missing-field"
        order = self._mapping.section("order")
        source = order.get("number") or order["external_id"]
        place = self._scope.row.place
        self._report.found(code, message, place=place, column=source.shown, field=source.target.path, vital=True)

    def _payments(self) -> tuple[tuple[Paid, ...], tuple[Refunded, ...]]:
        mapping, currency, report = self._mapping, self._currency, self._report
        payments: tuple[Paid, ...] = ()
        refunds: tuple[Refunded, ...] = ()
        name = self._external_id or self._number
        if mapping.shape.payments is not None:
            payments = read_payments(mapping, self._rows_for("payments"), name, currency, report)
        if mapping.shape.refunds is not None:
            refunds = read_refunds(mapping, self._rows_for("refunds"), currency, report)
        payments = payments or paid_in_all(self._order, name, currency)
        return payments, refunds or refunded_in_all(self._order, currency)

    def _raw(self, lines: list[RawLine]) -> dict[str, Any]:
        fields, section = self._order, self._mapping.section("contact")
        contact = Fields(self._mapping, section, self._scope, self._report)
        city = section.get("city")
        place = self._scope.place_of(city) if city else self._scope.row.place
        freight = fields.amount("freight", self._currency)
        adjustment = fields.amount("adjustment", self._currency)
        total = fields.amount("total", self._currency)
        return {
            **contact_fields(contact, self._report, place, city),
            **{name: fields.text(name) for name in REMARKS},
            "number": self._number,
            "external_id": self._external_id,
            "placed_at": self._placed_at,
            "currency": self._currency,
            "freight": freight.amount if freight else None,
            "adjustment": adjustment.amount if adjustment else None,
            "total": total.amount if total else None,
            "terms": fields.word("terms", ""),
            "capture": fields.word("capture", ""),
            "service_level": fields.word("service_level", ""),
            "ship_by": fields.time("ship_by"),
            "deliver_by": fields.time("deliver_by"),
            "sealed": fields.flag("sealed"),
            "version": fields.count("version"),
            "lines": [one.fields for one in lines],
        }

    def _habits(self) -> ChannelHabits:
        shape = self._mapping.shape
        return ChannelHabits(
            channel=self._channel,
            shop=self._order.text("shop", shape.shop or self._channel),
            currency=self._currency,
            zone=self._mapping.zone,
            country=shape.country or "ZZ",  # ZZ is nobody's: a mapping without a country fills it by row
            origin=Origin.IMPORT,
        )

    def _rows_for(self, section: str) -> list[Scope]:
        base = self._mapping.base_of(section)
        if base in self._scope.parts:
            return self._scope.parts[base]
        return [self._scope] if base == self._scope.row.alias else []
