"""What lists are asked: how many, from where, in which order."""

import re
from collections.abc import Mapping

from reelmock.domain.errors import (
    IntegerInvalid,
    IntegerTooLarge,
    IntegerTooSmall,
    ValueInvalid,
    listed,
)
from reelmock.domain.page import Order


def limit(query: Mapping[str, str], *, default: int, most: int, least: int = 0) -> int:
    """The `limit` asked for; raises IntegerInvalid, IntegerTooSmall or
    IntegerTooLarge."""
    text = query.get("limit")
    return default if text is None else whole("limit", text, least=least, most=most)


def whole(param: str, text: str, *, least: int, most: int) -> int:
    """A whole number within its bounds, however long it was written."""
    if not re.fullmatch(r"[+-]?\d+", text, re.ASCII):
        raise IntegerInvalid(param)
    digits = text.lstrip("+-0") or "0"
    is_negative = text.startswith("-") and digits != "0"
    if not is_negative and len(digits) > len(str(most)):
        raise IntegerTooLarge(param, most=most, value=digits)
    if is_negative or int(digits) < least:
        raise IntegerTooSmall(param, least=least, value=text)
    if int(digits) > most:
        raise IntegerTooLarge(param, most=most, value=digits)
    return int(digits)


def order(query: Mapping[str, str]) -> Order:
    """The `order` asked for, the newest first by default; raises ValueInvalid."""
    text = query.get("order")
    if text is None:
        return Order.DESC
    if text not in list(Order):
        raise ValueInvalid("order", value=text, supported=listed(tuple(Order)))
    return Order(text)
