"""What people wrote on an order, and what they may have meant. The text stays in the database: it can name persons."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class NoteKind(StrEnum):
    """Who wrote it and for whom."""

    BUYER_MESSAGE = "buyer_message"
    SELLER_REMARK = "seller_remark"
    SERVICE_REMARK = "service_remark"
    PRINT_REMARK = "print_remark"  # printed on the picking list


class Intent(StrEnum):
    """What a remark asks for."""

    CHANGE_ADDRESS = "change_address"
    INVOICE = "invoice"
    HURRY = "hurry"
    CANCEL = "cancel"
    CUSTOM = "custom"  # dietary wishes, engraving, colour by request
    CARRIER = "carrier"  # a certain carrier, or not a certain carrier
    HOLD_BACK = "hold_back"  # ship later


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One remark. `text` is personal data: it is shown to people, and never logged, sent or copied into a process."""

    id: str
    order_id: str
    kind: NoteKind
    text: str = field(repr=False)
    flag: int = 0  # the channel's colour mark; 0 is none
    at: datetime  # UTC
    by: str = ""  # role or system, not a person's name


_SIGNS: dict[Intent, tuple[str, ...]] = {
    Intent.CHANGE_ADDRESS: (
        r"(改|换|变更|修改).{0,4}(地址|电话|收货|收件)",
        r"地址.{0,4}(错|改|换)",
        r"change.{0,12}address",
    ),
    Intent.INVOICE: (r"发票|税号|专票|普票", r"\binvoice|\bvat\b"),
    Intent.HURRY: (r"加急|尽快|快点|急用|催|赶紧", r"\burgent|\basap\b|as soon as possible|\bhurry"),
    Intent.CANCEL: (r"取消|不要了|退单|不想要", r"\bcancel"),
    Intent.CUSTOM: (
        r"不要(辣|葱|香菜|糖)|少(辣|糖|盐)|忌口|过敏|刻字|定制|颜色",
        r"\ballerg|\bengrav|\bcustom",
    ),
    Intent.CARRIER: (
        r"(发|走|用|不要|别发|指定).{0,2}(顺丰|中通|圆通|申通|韵达|邮政|ems|京东|极兔|快递)",
        r"\b(ups|fedex|dhl)\b",
    ),
    Intent.HOLD_BACK: (r"(晚|推迟|暂缓|先别|先不要|过几天).{0,3}发", r"ship.{0,10}later|\bdelay"),
}
_COMPILED = {intent: re.compile("|".join(signs)) for intent, signs in _SIGNS.items()}


def intents(text: str) -> tuple[Intent, ...]:
    """Give what a remark seems to ask for, by tell-tale words in Chinese and English, in the order of `Intent`.

    A hint for routing the order to a person, not an understanding: a remark without a known word gives ().
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    return tuple(intent for intent, sign in _COMPILED.items() if sign.search(plain))
