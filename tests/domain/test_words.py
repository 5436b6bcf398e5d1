"""Addresses, phones, damaged text, remarks, changes, names: what is compared by spelling."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms_workflow.domain.address import canonical, keyed_digest, normalise
from oms_workflow.domain.audit import AuditFacts, risk_score
from oms_workflow.domain.changes import Arrival, Change, arrival, changes
from oms_workflow.domain.customer import Address
from oms_workflow.domain.exchange import NewGoods, exchange_order
from oms_workflow.domain.identity import channel_of, line_id, order_id, order_of_line
from oms_workflow.domain.merge import MergeWindow, latest_wait
from oms_workflow.domain.messages import MESSAGES
from oms_workflow.domain.note import Intent, intents
from oms_workflow.domain.phone import normalise_phone
from oms_workflow.domain.promise import Promise, strictest
from oms_workflow.domain.refusals import WHEN, Refusal
from oms_workflow.domain.regions_cn import BY_NAME, PROVINCES
from oms_workflow.domain.returns import ACCEPTANCE_MOVES, RECEPTION_MOVES, Acceptance, Reception
from oms_workflow.domain.service_level import Origin, ServiceLevel, priority
from oms_workflow.domain.text_damage import damage

from .orders_for_tests import NOON, a_line, an_order, cny

DOOR = Address(country="CN", region="浙江省", city="杭州市", district="西湖区", street="文三路12号")


@pytest.mark.parametrize(
    "other",
    [
        replace(DOOR, region="浙江"),
        replace(DOOR, region="Zhejiang"),
        replace(DOOR, street="文三路１２号"),
        replace(DOOR, street="浙江省杭州市西湖区文三路12号"),
        replace(DOOR, street=" 文三路 12号 "),
        replace(DOOR, postal_code="310000"),
        replace(DOOR, country="cn"),
    ],
)
def test_one_door_has_one_spelling(other: Address) -> None:
    """Orders to one door are found to belong together."""
    assert canonical(other) == canonical(DOOR)


@pytest.mark.parametrize(
    "other",
    [
        replace(DOOR, street="文三路1-2号"),
        replace(DOOR, street="文三路12号2单元"),
        replace(DOOR, city="宁波市"),
        replace(DOOR, region="江苏省"),
        replace(DOOR, country="TW"),
    ],
)
def test_another_door_has_another_spelling(other: Address) -> None:
    """A parcel to the wrong door is worse than two parcels."""
    assert canonical(other) != canonical(DOOR)


def test_other_countries_are_tidied_by_spelling_alone() -> None:
    """Case, accents and punctuation fold; house numbers stay apart."""
    one = Address(country="BR", region="SP", city="São Paulo", street="Av. Paulista, 1-23", postal_code="01310-100")
    two = Address(country="BR", region="sp", city="sao paulo", street="AV PAULISTA 1 - 23", postal_code="01310 100")
    assert canonical(replace(one, postal_code="01310100")) == canonical(replace(two, postal_code="01310100"))
    assert canonical(one) != canonical(replace(one, street="Av. Paulista, 12-3"))


@given(st.text(max_size=30), st.text(max_size=30))
def test_normalising_twice_changes_nothing_more(city: str, street: str) -> None:
    """A stored address compares with a fresh one."""
    once = normalise(Address(country="DE", city=city, street=street))
    assert normalise(once) == once


def test_provinces_are_known_by_their_short_and_full_names() -> None:
    """`上海` and `内蒙古自治区` both come from one shop's export."""
    assert len(PROVINCES) == 34
    assert [BY_NAME[name] for name in ("上海", "广东省", "内蒙古", "新疆", "香港")] == [
        "上海市", "广东省", "内蒙古自治区", "新疆维吾尔自治区", "香港特别行政区",
    ]  # fmt: skip


def test_digests_need_a_key_and_hide_nothing_as_nothing() -> None:
    """A digest of a phone number without a key is guessed in seconds."""
    assert keyed_digest("", b"0123456789abcdef") == ""
    assert keyed_digest("1", b"0123456789abcdef") != keyed_digest("1", b"0123456789abcdeg")
    with pytest.raises(ValueError, match="16 bytes"):
        keyed_digest("1", b"short")


@pytest.mark.parametrize(
    ("written", "country", "read"),
    [
        ("138 0013 8000", "CN", "+8613800138000"),
        ("+86 138-0013-8000", "DE", "+8613800138000"),
        ("0571-88888888", "CN", "+8657188888888"),
        ("12345", "CN", None),
        ("abc", "CN", None),
        ("", "CN", None),
    ],
)
def test_phones_are_read_as_written(written: str, country: str, read: str | None) -> None:
    """E.164 or nothing."""
    assert normalise_phone(written, country) == read


@pytest.mark.parametrize(
    "text", ["王小明", "Müller, façade", "50 % off & more", "北京 – 上海", "C&A", "naïve “quotes”"]
)
def test_sound_text_is_left_alone(text: str) -> None:
    """A false alarm stops an order."""
    assert damage(text) == ""


@pytest.mark.parametrize("text", ["文三路", "Müller", "façade", "São Paulo", "“quotes”"])
@pytest.mark.parametrize("wrong", ["latin-1", "cp1252"])
def test_utf8_read_as_latin_is_found(text: str, wrong: str) -> None:
    """The commonest mistake of an export."""
    spoiled = text.encode().decode(wrong, errors="replace")
    assert damage(spoiled)


@pytest.mark.parametrize("text", ["a\ufffdb", "锟斤拷", "????", "\\u4e2d\\u6587", "&amp;", "%E4%B8", "a\x07b"])
def test_other_damage_is_found(text: str) -> None:
    """Lost bytes, escapes nobody resolved, control characters."""
    assert damage(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("麻烦改一下收货地址", {Intent.CHANGE_ADDRESS}),
        ("请开增值税专票，税号123", {Intent.INVOICE}),
        ("急用，尽快发", {Intent.HURRY}),
        ("不要了，取消吧", {Intent.CANCEL}),
        ("不要辣，少糖", {Intent.CUSTOM}),
        ("请发顺丰", {Intent.CARRIER}),
        ("晚几天发货", {Intent.HOLD_BACK}),
        ("Please CANCEL my order asap", {Intent.CANCEL, Intent.HURRY}),
        ("谢谢老板", set()),
        ("", set()),
    ],
)
def test_remarks_are_understood_by_their_tell_tale_words(text: str, meant: set[Intent]) -> None:
    """A hint for whom to show it to."""
    assert set(intents(text)) == meant


def test_changes_are_named() -> None:
    """Every kind of change has its bit; what did not change has none."""
    old = an_order(("a", "TEA", 2), a_line("shop:1", "g", "GIFT", 1, gift=True))
    assert changes(old, old) == Change(0)
    assert changes(old, replace(old, address_digest="x")) == Change.ADDRESS
    assert changes(old, replace(old, freight=cny("1.00"))) == Change.PRICE
    assert changes(old, replace(old, service_level=ServiceLevel.VIP)) == Change.SERVICE
    assert changes(old, replace(old, lines=old.lines[:1])) & Change.GIFT
    more = replace(old.lines[0], ordered=3)
    assert changes(old, replace(old, lines=(more, old.lines[1]))) & Change.GOODS
    assert arrival(None, old) == (Arrival.NEW, Change(0))
    assert arrival(replace(old, channel_version=2), old) == (Arrival.STALE, Change(0))


def test_names_are_made_and_taken_apart() -> None:
    """The same order has the same name on every intake."""
    name = order_id("taobao", "22:01")
    assert (name, channel_of(name)) == ("taobao:22:01", "taobao")
    assert order_of_line(line_id(name, "o1")) == name
    wrong = [("Tao", "1"), ("a b", "1"), ("t", ""), ("t", "a/b"), ("t", "a b"), ("t", "x" * 65), ("t", chr(0))]
    for channel, number in wrong:
        with pytest.raises(ValueError, match=r"channel|order number"):
            order_id(channel, number)


def test_the_queue_is_fair_to_those_who_wait_again() -> None:
    """VIP first, imports after single orders, replacements one place up; always 1 to 5."""
    assert [priority(level) for level in (ServiceLevel.VIP, ServiceLevel.EXPRESS, ServiceLevel.STANDARD)] == [1, 2, 3]
    assert priority(ServiceLevel.STANDARD, Origin.IMPORT) == 4
    assert priority(ServiceLevel.VIP, Origin.EXCHANGE) == 1


def test_the_strictest_promise_keeps_all() -> None:
    """A merged parcel leaves in time for each of its orders."""
    early, late = NOON, NOON + timedelta(days=1)
    assert strictest([Promise(ship_by=late), Promise(ship_by=early, deliver_by=late)]) == Promise(
        ship_by=early, deliver_by=late
    )
    assert strictest([]) == Promise()
    with pytest.raises(ValueError, match="time zone"):
        Promise(ship_by=NOON.replace(tzinfo=None))


def test_a_group_waits_no_longer_than_its_promises_allow() -> None:
    """The window, or the earliest ship-by less what the warehouse needs."""
    window = MergeWindow(length=timedelta(hours=6), lead_time=timedelta(hours=4))
    order = an_order(("a", "TEA", 1))
    hurried = replace(order, promise=Promise(ship_by=NOON + timedelta(hours=5)))
    assert latest_wait([order], window) == NOON + timedelta(hours=6)
    assert latest_wait([order, hurried], window) == NOON + timedelta(hours=1)


def test_an_exchange_is_paid_by_what_came_back() -> None:
    """Even, dearer, cheaper: nobody pays twice."""
    goods = (NewGoods(sku="CUP", quantity=2, unit_price=cny("10.00"), tax=cny(0)),)
    for credit, used, pay, back in (("20", "20", "0", "0"), ("15", "15", "5", "0"), ("25", "20", "0", "5")):
        made = exchange_order(
            an_order(("a", "TEA", 3)), goods, cny(credit), sequence=1, at=NOON, origin=Origin.EXCHANGE
        )
        assert (made.credit_used, made.to_pay, made.to_refund) == (cny(used), cny(pay), cny(back))
        assert made.order.total == made.to_pay


FACTS = AuditFacts(
    order_id="o", channel="shop", service_level="standard", terms="prepaid", origin="channel", total=cny("10"),
    paid=True, paid_difference=cny("0"), lines=1, pieces=1, highest_unit_price=cny("10"), discount_percent=0, gifts=0,
    sellers=1, country="CN", region="浙江省", address_known=True, remarks=0, remark_intents=(), open_holds=(),
    orders_of_buyer_1h=1, orders_of_buyer_24h=1, orders_of_buyer=5, orders_to_address_24h=1, buyers_at_address_30d=1,
    orders_of_phone_24h=1, cancelled_of_buyer_90d=0, returns_of_buyer_90d=0,
    orders_to_address_1h=1, spent_of_buyer_24h=cny("10"), spent_to_address_24h=cny("10"),
    undelivered_at_address_180d=0, blocked=(), blocked_reasons=(),
)  # fmt: skip


def test_a_risk_score_explains_itself() -> None:
    """Each factor with its points and its sentence; they add up to the score, capped at 100."""
    assert risk_score(FACTS).score == 0
    odd = replace(FACTS, orders_of_buyer_1h=9, discount_percent=90, address_known=False)
    score = risk_score(odd)
    assert {factor.name for factor in score.factors} == {"velocity_1h", "cheap", "no_address"}
    assert score.score == sum(factor.points for factor in score.factors) == 65
    everything = replace(
        odd, pieces=99, orders_of_buyer=0, orders_of_buyer_24h=99, buyers_at_address_30d=9, orders_to_address_24h=99,
        orders_of_phone_24h=9, cancelled_of_buyer_90d=9, returns_of_buyer_90d=9, terms="on_delivery",
    )  # fmt: skip
    assert risk_score(everything).score == 100


@pytest.mark.parametrize(
    ("moves", "start"), [(RECEPTION_MOVES, Reception.AWAITING), (ACCEPTANCE_MOVES, Acceptance.PENDING)]
)
def test_tables_of_moves_reach_every_state(moves: dict[object, frozenset[object]], start: object) -> None:
    """A state nobody can reach is a mistake in the table; each state has its row."""
    reached, waiting = {start}, [start]
    while waiting:
        for state in moves[waiting.pop()] - reached:
            reached.add(state)
            waiting.append(state)
    assert reached == set(moves)


def test_every_refusal_says_when() -> None:
    """The palette shows it to whoever draws the boundary event."""
    assert set(WHEN) == set(Refusal)


def test_every_message_carries_what_it_is_found_by() -> None:
    """A correlation key that is no field could not be published by anybody."""
    first_field = {"order id": "order_id", "fulfilment order id": "fulfilment_id", "return id": "return_id"}
    first_field |= {"package id": "package_id", "hold id": "hold_id"}
    for spec in MESSAGES.values():
        assert first_field.get(spec.key.value, "transaction_id") in spec.fields, spec.name


def test_the_pure_room_asks_no_clock_and_no_chance() -> None:
    """Time, ids and chance come in from outside."""
    room = Path(__file__).parents[2] / "oms_workflow" / "domain"
    for file in sorted(room.rglob("*.py")):
        source = file.read_text(encoding="utf-8")
        assert not any(word in source for word in ("datetime.now", "uuid", "import random", "Path(", "os.environ")), (
            file.name
        )
