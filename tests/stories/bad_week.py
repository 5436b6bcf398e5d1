"""Weeks in which everything goes wrong: orders and a script of misfortunes, drawn by a seed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from oms_workflow.connect.stories.reading import Story, read_stories
from oms_workflow.connect.world.script.model import Script

BEGIN = datetime.fromisoformat("2026-03-02T10:00:00+08:00")
GOODS = {
    "TEA": "59.00", "CUP": "36.50", "FAN": "88.00", "LAMP": "128.00", "LANTERN": "75.00", "CHAIR": "299.00",
    "VASE": "420.00", "SEAL": "150.00",
}  # fmt: skip
"""SKU -> price. Of lanterns and vases there are few, of chairs in another warehouse only, of seals none ever."""

SOON = ("PT1M", "PT6M", "PT20M", "PT45M")
LATER = ("PT2H", "PT3H", "PT5H", "PT8H", "P1D", "P2D", "P4D")
SYSTEMS = ("payment", "carrier", "warehouse", "channel", "notification")
WISHES = ("return", "exchange", "refund_without_return")

Draw = Callable[[Random], dict[str, Any]]


def _home(where: str) -> dict[str, Any]:
    return {
        "name": "Ada Bell", "country": "CN", "region": "江苏省", "city": "苏州市", "district": "姑苏区",
        "street": where, "postal_code": "215000", "phone": "13800010008",
    }  # fmt: skip


def _wants_back(chance: Random) -> dict[str, Any]:
    kind = chance.choice(WISHES)
    wish: dict[str, Any] = {"after_delivery": chance.choice(("PT1H", "P1D", "P3D")), "kind": kind}
    if kind == "exchange":
        wish["new"] = [{"sku": "CUP-XL", "quantity": 1, "unit_price": chance.choice(("20.00", "46.50", "400.00"))}]
    return {"buyer": {"wants_back": [wish]}}


MISFORTUNES: dict[str, Draw] = {
    "calls off soon": lambda chance: {"buyer": {"cancels": {"after": chance.choice(SOON)}}},
    "calls off later": lambda chance: {
        "buyer": {"cancels": {"after": chance.choice(LATER), "scope": chance.choice(("whole", "rest", "waiting"))}}
    },
    "moves": lambda chance: {
        "buyer": {"moves": [{"after": chance.choice(SOON + LATER), "to": _home(f"Bridge Street {chance.random()}")}]}
    },
    "writes": lambda chance: {
        "buyer": {"writes": [{"after": chance.choice(SOON + LATER), "text": "please do not send it yet 先别发货"}]}
    },
    "pays late": lambda chance: {"buyer": {"pays": {"after": chance.choice(("PT1H50M", "PT2H10M", "PT6H"))}}},
    "never pays": lambda chance: {"buyer": {"pays": {"never": True}}},
    "is declined": lambda chance: {"buyer": {"pays": {"declined_first": chance.randint(1, 3)}}},
    "wants it back": _wants_back,
    "sends nothing back": lambda chance: _wants_back(chance) | {"goods_back": {"never": True}},
    "sends it back broken": lambda chance: _wants_back(chance) | {"goods_back": {"damaged": {"TEA": 1, "CUP": 1}}},
    "capture drags": lambda chance: {"payment": {"capture": {"answer": chance.choice(("pending", "fails_later"))}}},
    "capture is declined": lambda chance: {"payment": {"capture": {"answer": "declined", "times": 1}}},
    "refund drags": lambda chance: {
        "payment": {"refund": {"answer": chance.choice(("pending", "fails_later")), "times": 1}}
    },
    "refund is declined": lambda chance: {"payment": {"refund": {"answer": "declined", "times": 1}}},
    "payment news are late": lambda chance: {"payment": {"webhooks": {"late": chance.choice(("PT1H", "PT7H"))}}},
    "payment news repeat": lambda chance: {"payment": {"webhooks": {"copies": 3, "shuffled": True}}},
    "warehouse refuses": lambda chance: {
        "warehouse": {"submit": {"answer": chance.choice(("rejected", "rejects_later")), "times": 1}}
    },
    "warehouse is short": lambda chance: {"warehouse": {"short": {"pieces": {"TEA": 1, "LAMP": 1}, "times": 1}}},
    "warehouse is slow": lambda chance: {"warehouse": {"pace": {"picks_after": "PT20H"}}},
    "warehouse does not stop": lambda chance: {
        "warehouse": {"cancel": {"answer": chance.choice(("rejected", "pending", "never"))}}
    },
    "warehouse stops late": lambda chance: {
        "warehouse": {"cancel": {"answer": "pending"}, "webhooks": {"late": "PT6H"}}
    },
    "warehouse news repeat": lambda chance: {"warehouse": {"webhooks": {"copies": 2, "shuffled": True}}},
    "two parcels": lambda chance: {"warehouse": {"parcels": 2}},
    "parcel is lost": lambda chance: {"carrier": {"journey": {"ends": "lost", "declared_after": "P5D"}}},
    "parcel vanishes": lambda chance: {"carrier": {"journey": {"ends": "lost"}}},
    "parcel comes back": lambda chance: {"carrier": {"journey": {"ends": "returned", "failed_attempts": 2}}},
    "carrier news repeat": lambda chance: {"carrier": {"webhooks": {"copies": 2, "shuffled": True}}},
    "answers are lost": lambda chance: {
        "fails": [{"system": chance.choice(SYSTEMS[:4]), "how": "answer_lost", "times": 2}]
    },
    "systems are down": lambda chance: {
        "fails": [{"system": chance.choice(SYSTEMS), "times": chance.randint(1, 14)}]
    },
    "carrier refuses": lambda chance: {
        "fails": [{"system": "carrier", "operation": "label", "how": "refused", "times": 2}]
    },
    "looks like fraud": lambda chance: {"risk": {"score": chance.choice((75, 95))}},
    "staff says no": lambda chance: {
        "risk": {"score": 80},
        "staff": {"tasks": [{"variables": {"decision": chance.choice(("reject", "wait", "refuse"))}, "times": 2}]},
    },
}  # fmt: skip
"""What may happen to an order, by a name for people; each draws its particulars."""


def draw_week(seed: int, orders: int, folder: Path, *, begin: datetime) -> tuple[tuple[Story, ...], Script, str]:
    """Draw orders and what happens to them; gives the stories, the script, and who suffers what, for people."""
    chance = Random(seed)
    written: list[dict[str, Any]] = []
    rules: list[dict[str, Any]] = []
    told: list[str] = []
    for number in range(7001, 7001 + orders):
        before = written[-1] if written and chance.random() < 0.45 else None
        order = _order(chance, number, before)
        written.append(order)
        names = chance.sample(sorted(MISFORTUNES), chance.choice((0, 1, 2, 2, 3)))
        rules += [{"story": name, "when": {"order": f"shop:{number}"}, **MISFORTUNES[name](chance)} for name in names]
        told.append(
            f"shop:{number} of {order['buyer_id']}, {order['lines'][0]['sku']}: {', '.join(names) or 'is lucky'}"
        )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "week.json").write_text(json.dumps(written), encoding="utf-8")
    script = Script.model_validate_json(
        json.dumps(
            {
                "seed": seed,
                "rules": rules,
                "stock": [{"sku": "LANTERN", "warehouse": "hz", "quantity": 3, "at": "P3D"}],
                "chances": {"duplicate": 0.1, "late": 0.05, "unavailable": 0.05, "answer_lost": 0.03},
            }
        )
    )
    return read_stories(folder, begin=begin), script, "\n".join(told)


def _order(chance: Random, number: int, before: dict[str, Any] | None) -> dict[str, Any]:
    """Draw an order; one after `before` is of the same buyer, minutes later, so that they may go together."""
    if before is None:
        placed, buyer = BEGIN + timedelta(minutes=chance.randint(0, 600)), f"buyer-{number}"
    else:
        placed = datetime.fromisoformat(before["placed_at"]) + timedelta(minutes=chance.randint(1, 30))
        buyer = before["buyer_id"]
    skus = chance.sample(sorted(GOODS), chance.choice((1, 1, 2, 3)))
    house = buyer.removeprefix("buyer-")
    return {
        "story": "A bad week", "channel": "shop", "number": str(number), "currency": "CNY",
        "placed_at": placed.isoformat(), "freight": chance.choice(("0.00", "8.00")), "buyer_id": buyer,
        "name": "史无忧", "phone": f"1380003{house}", "region": "浙江省", "city": "杭州市", "district": "西湖区",
        "street": f"文三路{house}号", "postal_code": "310000",
        "service_level": chance.choice(("standard", "standard", "standard", "express", "vip")),
        "lines": [
            {
                "oid": f"{number}-{index}", "sku": sku, "title": sku, "quantity": chance.randint(1, 3),
                "unit_price": GOODS[sku], "weight_grams": 300,
            }
            for index, sku in enumerate(skus, start=1)
        ],
    }  # fmt: skip
