"""What an activity is about: the inputs that most of them share. Holds no rule."""

from __future__ import annotations

from pydantic import BaseModel, Field


class OfOrder(BaseModel):
    """An activity about one order."""

    order_id: str = Field(description="Order, '<channel>:<number>'")


class OfFulfilment(BaseModel):
    """An activity about one fulfilment order."""

    fulfilment_id: str = Field(description="Fulfilment order, such as 'taobao:2201.F1'")


class OfPackage(BaseModel):
    """An activity about one physical parcel."""

    package_id: str = Field(description="Parcel, such as 'taobao:2201.F1.S1.P1'")


class OfReturn(BaseModel):
    """An activity about one return."""

    return_id: str = Field(description="Return, such as 'taobao:2201.R1'")
