"""The shipped decision tables: what analysts may change must do what its annotations say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from activities.allocation import Pass
from oms_workflow.decide import Decisions, load
from oms_workflow.domain.changes import MATTERS

from .walking import FACTS, PARCEL, PROCESSES, WISH


def table(name: str) -> Decisions:
    return load(PROCESSES / "decisions" / f"{name}.dmn")


def audit(risk: int = 5, blocking: int = 0, matters: tuple[str, ...] = MATTERS, **facts: Any) -> dict[str, Any]:
    amounts = ("total", "paid_difference", "spent_of_buyer_24h", "spent_to_address_24h")
    known = {**FACTS, **{name: Decimal(FACTS[name]) for name in amounts}} | facts
    inputs = {"facts": known, "risk": risk, "blocking": blocking, "matters": list(matters)}
    outcome = table("order_audit").outcome("order_audit", inputs)
    assert outcome.problems == ()
    answer: dict[str, Any] = outcome.value
    return answer


def kinds(answer: dict[str, Any]) -> list[str]:
    return [finding["kind"] for finding in answer["findings"]]


def test_a_plain_order_passes() -> None:
    """Most orders are never seen by a person."""
    assert audit()["outcome"] == "pass"


@pytest.mark.parametrize(
    ("matters", "wanted"),
    [
        (("address", "contact"), ["address"]),
        (("amount",), ["finance"]),
        (("remark",), []),
        (MATTERS, ["fraud", "address", "finance"]),
    ],
)
def test_after_a_change_only_what_it_touches_is_audited(matters: tuple[str, ...], wanted: list[str]) -> None:
    """Finance does not confirm the same amount twice because the buyer moved."""
    answer = audit(risk=80, blocking=1, total=Decimal("30000"), matters=matters)
    assert kinds(answer) == wanted
    assert answer["outcome"] == ("manual" if wanted else "pass")


MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)  # 10:00 in Shanghai
CAME_IN = {
    "channel": "tmall", "service_level": "standard", "terms": "prepaid", "origin": "channel", "paid": True,
    "placed_at": MONDAY, "audited": False,
}  # fmt: skip


@pytest.mark.parametrize(
    ("arrival", "until"),
    [
        ({}, MONDAY + timedelta(minutes=15)),
        ({"service_level": "vip"}, None),
        ({"service_level": "express"}, None),
        ({"paid": False}, None),
        ({"paid": False, "terms": "on_delivery"}, MONDAY + timedelta(minutes=15)),
        ({"audited": True}, None),
        ({"origin": "exchange"}, None),
        ({"channel": "shop"}, None),
        ({"channel": "wholesale"}, MONDAY + timedelta(hours=23)),
        ({"channel": "wholesale", "placed_at": MONDAY - timedelta(hours=3)}, MONDAY - timedelta(hours=1)),
    ],
)
def test_who_waits_for_late_news_and_until_when(arrival: dict[str, Any], until: datetime | None) -> None:
    """Neither a VIP nor a payment waits; dealers may add to their orders until nine in the morning."""
    outcome = table("audit_delay").outcome("audit_delay", {"arrival": CAME_IN | arrival})
    assert outcome.problems == ()
    assert outcome.value["until"] == until


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ({"risk": 70}, ["fraud"]),
        ({"risk": 69}, []),
        ({"risk": 40, "total": Decimal("1000")}, ["audit"]),
        ({"blocking": 1}, ["address"]),
        ({"total": Decimal("20000")}, ["finance"]),
        ({"total": Decimal("3000"), "currency": "EUR"}, ["finance"]),
        ({"total": Decimal("3000")}, []),
        ({"discount_percent": 70}, ["audit"]),
        ({"terms": "on_delivery", "total": Decimal("5000")}, ["audit"]),
        ({"paid_difference": Decimal("-0.01")}, ["finance"]),
        ({"paid": False, "paid_difference": Decimal("-100.00")}, []),
        ({"remark_intents": ["invoice", "cancel"]}, ["remark"]),
        ({"remark_intents": ["hurry"]}, []),
        ({"risk": 80, "blocking": 2, "total": Decimal("30000")}, ["fraud", "address", "finance"]),
    ],
)
def test_every_finding_becomes_its_own_hold(changed: dict[str, Any], wanted: list[str]) -> None:
    """Several reasons are several holds, each lifted by its own role."""
    answer = audit(**changed)
    assert kinds(answer) == wanted
    assert answer["outcome"] == ("manual" if wanted else "pass")


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"risk": 70}, "risk.high"),
        ({"undelivered_at_address_180d": 2}, "address.undelivered"),
        ({"buyers_at_address_30d": 20}, "address.many_buyers"),
        ({"blocked": ["address"]}, "blocklist.address"),
        ({"blocked": ["buyer"]}, "blocklist.buyer"),
        ({"blocked": ["email"]}, "blocklist.email"),
        ({"blocked": ["phone"]}, "blocklist.phone"),
        ({"orders_of_buyer_1h": 10}, "velocity.buyer_orders"),
        ({"orders_of_phone_24h": 20}, "velocity.phone_orders"),
        ({"orders_to_address_1h": 20}, "velocity.address_orders"),
        ({"spent_of_buyer_24h": Decimal("50000")}, "velocity.buyer_money"),
        ({"spent_to_address_24h": Decimal("100000")}, "velocity.address_money"),
    ],
)
def test_a_finding_names_the_rule_that_gave_it(changed: dict[str, Any], rule: str) -> None:
    """The analyst who edits the table sees in the order which row did it."""
    (finding,) = audit(**changed)["findings"]
    assert finding["handle"] == rule
    assert finding["reason"]


def test_wholesale_buyers_may_order_often_and_unknown_buyers_are_not_counted() -> None:
    """A limit for people is none for companies; what was not counted is not over a limit."""
    often = {"orders_of_buyer_1h": 500, "spent_of_buyer_24h": Decimal("90000")}
    assert kinds(audit(**often, channel="wholesale")) == []
    assert kinds(audit(orders_of_buyer_1h=None, spent_of_buyer_24h=None, orders_to_address_1h=None)) == []


def test_finance_looks_after_customer_service_and_only_where_it_has_to() -> None:
    """Two stages, each seen only by who has something to say."""
    large = Decimal("30000")
    assert audit()["stages"] == []
    assert audit(blocking=1)["stages"] == ["service"]
    assert audit(total=large)["stages"] == ["finance"]
    assert audit(total=large, blocked=["phone"])["stages"] == ["service", "finance"]


def test_fraud_and_vip_go_first() -> None:
    """Where money is at stake, and where somebody paid for speed."""
    assert audit(risk=90, service_level="vip")["priority"] == 90
    assert audit(blocking=1, service_level="vip")["priority"] == 80
    assert audit(blocking=1)["priority"] == 50


def test_only_some_orders_wait_for_others() -> None:
    """A VIP order goes at once."""

    def window(level: str, channel: str = "shop") -> Any:
        return table("merge_window").decide("merge_window", {"service_level": level, "channel": channel})

    assert window("vip")["merge"] is False
    assert window("standard", "wholesale")["merge"] is False
    assert window("express")["window"] == timedelta(minutes=15)
    assert window("standard")["window"] == timedelta(hours=1)


@pytest.mark.parametrize("level", ["standard", "express", "vip"])
def test_every_service_level_has_one_sourcing_policy(level: str) -> None:
    """UNIQUE: no level without a rule, none with two."""
    outcome = table("sourcing_policy").outcome("sourcing_policy", {"service_level": level, "channel": "taobao"})
    assert outcome.problems == ()
    assert outcome.value["prefer"] in ("nearest", "priority")
    passes = [Pass.model_validate(one).rule("CNY") for one in outcome.value["passes"]]
    assert [one.in_time for one in passes] == ([False] if level == "standard" else [True, False])


@pytest.mark.parametrize(
    ("level", "reserved", "missing", "ship_now", "days"),
    [
        ("vip", 0, 2, False, 7),
        ("vip", 1, 1, True, 3),
        ("standard", 5, 1, False, 2),
        ("standard", 5, 2, True, 7),
        ("express", 5, 1, True, 3),
    ],
)
def test_a_shortage_ships_what_is_worth_a_parcel(
    level: str, reserved: int, missing: int, ship_now: bool, days: int
) -> None:
    """One missing piece rarely deserves a second parcel, unless speed was paid for."""
    inputs = {"service_level": level, "reserved": reserved, "missing": missing}
    answer: Any = table("shortage").decide("shortage", inputs)
    assert (answer["ship_now"], answer["patience"]) == (ship_now, timedelta(days=days))


def carriers(tried: list[str] | None = None, **parcel: Any) -> Any:
    return table("carrier_choice").decide("carrier_choice", {"parcel": {**PARCEL, **parcel}, "tried": tried or []})


def first(**parcel: Any) -> Any:
    return carriers(**parcel)[0]


def test_carriers_are_allowed_in_the_order_of_the_table() -> None:
    """Prices decide among them; without price lists the first goes. Whoever refused is left out."""
    assert [one["carrier"] for one in carriers()] == ["zto", "yto", "sf", "deppon", "ems"]
    assert carriers(["zto", "yto"])[0]["carrier"] == "sf"
    assert carriers(["zto", "yto", "sf", "deppon", "ems"]) is None


def test_a_carrier_has_to_be_able_to_do_it() -> None:
    """Weight, distance, speed and collecting money each leave some out."""
    assert first(service_level="vip")["carrier"] == "sf"
    assert first(on_delivery=True)["carrier"] == "sf"
    assert first(weight_grams=40_000)["carrier"] == "deppon"
    assert first(region="西藏自治区")["carrier"] == "ems"
    assert first(country="GB")["service"] == "economy"
    assert carriers(country="GB", weight_grams=40_000) is None


def test_what_a_vip_paid_for_ranks_before_what_is_cheap() -> None:
    """A cheaper carrier of a higher rank is taken only when no lower rank keeps the promise."""
    vip = {(one["carrier"], one["service"]): int(one["rank"]) for one in carriers(service_level="vip")}
    assert vip["sf", "express"] == vip["jd", "express"] == 1
    assert min(rank for product, rank in vip.items() if product[1] == "standard") > 1
    assert {int(one["rank"]) for one in carriers() if one["carrier"] in ("zto", "yto", "sf")} == {3}


def wanted(**wish: Any) -> Any:
    known = {**WISH, "value": Decimal("100.00")} | wish
    outcome = table("return_policy").outcome("return_policy", {"wish": known})
    assert outcome.problems == ()
    return outcome.value


@pytest.mark.parametrize(
    ("wish", "action"),
    [
        ({}, "accept"),
        ({"days_since_delivery": 8}, "ask"),
        ({"days_since_delivery": 8, "service_level": "vip"}, "accept"),
        ({"days_since_delivery": 31}, "refuse"),
        ({"days_since_delivery": None}, "ask"),
        ({"returns_of_buyer_90d": 10}, "ask"),
        ({"reason": "damaged", "days_since_delivery": 20, "returns_of_buyer_90d": 12}, "accept"),
        ({"kind": "exchange"}, "accept"),
        ({"kind": "price_protection"}, "ask"),
        ({"kind": "refund_before_shipping", "days_since_delivery": None}, "keep"),
        ({"kind": "refund_without_return", "value": Decimal("50")}, "keep"),
        ({"kind": "refund_without_return", "value": Decimal("51")}, "ask"),
        ({"kind": "refund_without_return", "reason": "lost_parcel", "value": Decimal("9000")}, "keep"),
    ],
)
def test_the_return_policy_is_applied_by_its_first_rule(wish: dict[str, Any], action: str) -> None:
    """Seven days without a reason, longer for VIP, thirty when it is our fault."""
    assert wanted(**wish)["action"] == action


def test_damage_is_ours_only_for_our_reasons() -> None:
    """Otherwise a worn shirt would be paid for."""
    assert wanted(reason="damaged")["accept_damaged"] is True
    assert wanted()["accept_damaged"] is False


def test_freight_goes_back_when_it_was_our_fault_and_nothing_stays() -> None:
    """The rules overlap and always agree, whatever the wish."""
    for reason in ("damaged", "wrong_item", "lost_parcel", "does_not_fit"):
        for whole in (True, False):
            for kind in ("return", "refund_before_shipping", "refund_without_return"):
                if kind == "refund_before_shipping" and not whole:
                    continue
                inputs = {"wish": {**WISH, "reason": reason, "whole_order": whole, "kind": kind}}
                outcome = table("refund_policy").outcome("refund_policy", inputs)
                assert outcome.problems == (), inputs
                ours = reason != "does_not_fit" or kind == "refund_before_shipping"
                assert outcome.value is (whole and ours), inputs


@pytest.mark.parametrize(
    ("available", "value", "level", "before", "action"),
    [
        (5, 100, "standard", 0, "reship"),
        (1, 100, "vip", 0, "refund"),
        (5, 6000, "standard", 0, "refund"),
        (5, 6000, "vip", 0, "reship"),
        (5, 100, "vip", 1, "refund"),
    ],
)
def test_lost_goods_are_sent_again_when_they_are_there(
    available: int, value: int, level: str, before: int, action: str
) -> None:
    """The buyer wanted goods, not money, and no third parcel down the same hole."""
    inputs = {"available": available, "pieces": 2, "lost_value": value, "service_level": level, "lost_before": before}
    assert table("lost_parcel").decide("lost_parcel", inputs) == action


@pytest.mark.parametrize(
    ("changed", "stage", "merged", "late", "action"),
    [
        (["address"], "open", False, [], "accept"),
        (["address"], "open", True, [], "ask"),
        (["goods"], "open", False, [], "ask"),
        (["address"], "at_warehouse", False, ["address"], "refuse"),
        (["price"], "at_warehouse", False, [], "ask"),
        (["goods", "address"], "at_warehouse", False, ["address"], "refuse"),
        (["service"], "shipped", False, ["service"], "refuse"),
        (["warehouse"], "at_warehouse", False, ["warehouse"], "refuse"),
    ],
)
def test_of_several_changes_the_strictest_rule_wins(
    changed: list[str], stage: str, merged: bool, late: list[str], action: str
) -> None:
    """PRIORITY: an allowed price does not carry a forbidden address along."""
    inputs = {"change": {"kinds": changed, "stage": stage, "merged": merged, "too_late": late}}
    outcome = table("change_policy").outcome("change_policy", inputs)
    assert outcome.problems == ()
    assert outcome.value == action


@pytest.mark.parametrize(
    ("intents", "urgency"), [([], 0), (["invoice"], 30), (["invoice", "cancel"], 90), (["hurry", "custom"], 60)]
)
def test_the_most_urgent_wish_of_a_remark_counts(intents: list[str], urgency: int) -> None:
    """Thanks are read by nobody; a wish to cancel is read before anything is shipped."""
    answer: Any = table("remark_handling").decide("remark_handling", {"intents": intents})
    assert answer == {"urgency": urgency, "read": urgency > 0}
