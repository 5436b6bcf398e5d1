"""Stretches of the shipped diagrams that many stories walk: the nodes that are done, in their order."""

from __future__ import annotations

AUDIT_PASSED = (
    "AuditBegins", "DelayBegins", "SeeArrival", "DecideDelay", "HasToWait", "NothingToWaitFor", "LetNewsComeIn",
    "BeginAudit", "CleanOrder", "GatherFacts", "ScoreRisk", "DecideAudit", "AnythingFound", "LookedAtBefore", "Passed",
)  # fmt: skip

PAID_ON_REQUEST = (
    "PaymentBegins", "LookAtPayment", "HowIsItPaid", "ReserveForBuyer", "AskForPayment", "Promised", "TellToPay",
    "WaitForPayment", "PaymentPromised", "CapturePayment", "Taken", "PaymentCollected", "CollectPayment",
)  # fmt: skip

WINDOW_ALONE = (
    "MergeBegins", "ChooseWindow", "MayBeMerged", "ProposeMerge", "WhichRole", "WindowEnds", "JoinOrders",
    "HasFollowers", "Leads", "MergeOrders",
)  # fmt: skip

FULFILMENT_TO_HAND_OVER = (
    "FulfilmentBegins", "GatherParcelFacts", "ChooseCarrier", "ComparePrices", "PlanShipment", "SubmitToWarehouse",
    "AwaitAccepted", "AwaitPacked", "BookCarrier", "AwaitHandedOver", "RecordHandOver", "TellChannel", "TellShipped",
    "TrackingBegins",
)  # fmt: skip

SETTLED = (
    "SettlementBegins", "LookAtMoney", "AnythingDue", "Settled", "CompleteOrder", "TellFollowersEnd", "WasExchange",
    "Closed", "SettleOrder",
)  # fmt: skip

CANCELLED = (
    "UndoEverything", "CallOffShipments", "TellFreedOrders", "TellChannelCancelled", "TellCancelled", "LookAtMoneyLeft",
    "CancelledEnd", "OrderIsCancelled",
)  # fmt: skip

REFUNDED = (
    "RefundBegins", "RefundBuyer", "AnythingToRefund", "AwaitProvider", "AllSettled", "TellChannel", "TellBuyer",
    "MoneyGivenBack",
)  # fmt: skip
