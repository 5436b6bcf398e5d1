"""Messages of one walk: who waits for which, and those nobody has waited for yet. Knows no process and has no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from oms_workflow.play.stage import Actor


@dataclass(slots=True, kw_only=True)
class Subscription:
    """An instance that waits for a message."""

    actor: Actor
    number: int
    name: str
    key: str
    once: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message on its way."""

    id: str
    name: str
    key: str
    variables: Mapping[str, Any]
    until: datetime  # when it is given up


class LetterBox:
    """Matches messages with subscriptions, whichever comes first."""

    def __init__(self) -> None:
        self._subscriptions: list[Subscription] = []  # longest-waiting first
        self._kept: list[Letter] = []  # oldest first
        self.expired: list[Letter] = []  # nobody took them in time

    def open(self, subscription: Subscription, now: datetime) -> list[Letter]:
        """Begin to wait; gives the messages that were kept for it."""
        self.give_up(now)
        wanted = (subscription.name, subscription.key)
        found = [one for one in self._kept if (one.name, one.key) == wanted]
        found = found[:1] if subscription.once else found
        self._kept = [one for one in self._kept if one not in found]
        if not (found and subscription.once):
            self._subscriptions.append(subscription)
        return found

    def close(self, actor: Actor, number: int | None = None) -> None:
        """Stop waiting, for one subscription of an instance or for all of them."""
        self._subscriptions = [
            one for one in self._subscriptions if one.actor is not actor or number not in (None, one.number)
        ]

    def match(self, letter: Letter) -> Subscription | None:
        """Give the subscription that has waited longest for a message; None when nobody waits."""
        for subscription in self._subscriptions:
            if (subscription.name, subscription.key) == (letter.name, letter.key):
                self._subscriptions.remove(subscription)
                if not subscription.once:
                    self._subscriptions.append(subscription)  # the next message goes to whoever waits longer
                return subscription
        return None

    def keep(self, letter: Letter) -> None:
        """Keep a message until somebody waits for it."""
        self._kept.append(letter)

    def give_up(self, now: datetime) -> None:
        """Give up messages whose time is over; they stay to be seen."""
        self.expired += [one for one in self._kept if one.until <= now]
        self._kept = [one for one in self._kept if one.until > now]
