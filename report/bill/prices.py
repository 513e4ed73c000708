"""Prices, asked of AWS's Price List API by the user's credentials and kept with their day. None is ever made up.

https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_pricing_GetProducts.html
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from report.bill.quantities import Ask, Billed

ENDPOINT = "us-east-1"
"""The API answers for every region from a few."""
HOURS_PER_MONTH = 730
"""What AWS reckons a month with."""
KEPT = timedelta(days=30)
"""For how long an answer is good; prices change seldom."""
_SHOWN = 3
"""Products of a list that are named."""


@dataclass(frozen=True)
class Price:
    """What AWS answered: one price, or why there is none."""

    usd: Decimal | None
    why: str
    """Empty if there is a price."""
    asked: date


@dataclass(frozen=True)
class Priced:
    """A line of the bill with its price."""

    line: Billed
    price: Price | None
    """None: it was not asked for, since no price of the list is that of the line."""

    @property
    def monthly(self) -> Decimal | None:
        """US dollars a month, without tax and without what is billed by use."""
        if self.price is None or self.price.usd is None:
            return None
        hours = HOURS_PER_MONTH if self.line.unit == "hour" else 1
        return self.price.usd * Decimal(str(self.line.quantity)) * hours


class Kept:
    """A file of answers, each with its day."""

    def __init__(self, file: Path, today: date) -> None:
        self.file, self.today = file, today
        try:
            told = json.loads(file.read_text(encoding="utf-8"))
            self.answers: dict[str, dict[str, Any]] = told if isinstance(told, dict) else {}
        except (OSError, ValueError):
            self.answers = {}

    def get(self, key: str) -> Price | None:
        """An answer that is still good."""
        try:
            told = self.answers[key]
            found = Price(Decimal(told["usd"]) if told["usd"] else None, str(told["why"]), date.fromisoformat(told["asked"]))
        except (KeyError, TypeError, ValueError, ArithmeticError):
            return None
        return found if timedelta(0) <= self.today - found.asked <= KEPT else None

    def put(self, key: str, answer: Price) -> None:
        """Keep an answer; written with `save`."""
        usd = None if answer.usd is None else str(answer.usd)
        self.answers[key] = {"usd": usd, "why": answer.why, "asked": answer.asked.isoformat()}

    def save(self) -> None:
        """Write the file."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(json.dumps(self.answers, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def price(lines: Iterable[Billed], client: Any, kept: Kept) -> list[Priced]:
    """The lines with their prices. `client`: boto3's `pricing`. Raises what that raises; what was answered by then is kept."""
    try:
        return [Priced(line, _price(line, client, kept) if line.ask else None) for line in lines]
    finally:
        kept.save()


def _price(line: Billed, client: Any, kept: Kept) -> Price:
    assert line.ask
    key = json.dumps([line.region, line.unit, line.ask.service, line.ask.usage, line.ask.filters])
    if (known := kept.get(key)) is not None:
        return known
    answer = _answer([*_products(line.ask, line.region, client)], line, kept.today)
    kept.put(key, answer)
    return answer


def _products(ask: Ask, region: str, client: Any) -> Iterator[dict[str, Any]]:
    filters = [{"Type": "TERM_MATCH", "Field": name, "Value": value} for name, value in (*ask.filters, ("regionCode", region))]
    usage = re.compile(f"(?:.*[-:])?(?:{ask.usage})") if ask.usage else None
    for page in client.get_paginator("get_products").paginate(ServiceCode=ask.service, Filters=filters):
        for text in page["PriceList"]:
            product = json.loads(text)
            if usage is None or usage.fullmatch(product["product"]["attributes"].get("usagetype", "")):
                yield product


def _answer(products: list[dict[str, Any]], line: Billed, today: date) -> Price:
    """The one price that is in use from the first unit on."""
    found: dict[Decimal, str] = {}
    for product in products:
        for term in product.get("terms", {}).get("OnDemand", {}).values():
            for dimension in term["priceDimensions"].values():
                usd = dimension["pricePerUnit"].get("USD")
                if usd is not None and dimension.get("beginRange", "0") == "0" and _fits(dimension["unit"], line.unit):
                    found[Decimal(usd)] = product["product"]["attributes"].get("usagetype", "")
    # Free tiers and what is reserved stand in the list as products of their own, at nothing.
    charged = {usd: usage for usd, usage in found.items() if usd}
    if len(charged) == 1:
        return Price(next(iter(charged)), "", today)
    if not charged:
        why = "has it at 0 alone, as in a free tier" if found else "has no product like it"
        return Price(None, f"the Price List {why}", today)
    several = ", ".join(sorted(charged.values())[:_SHOWN])
    return Price(None, f"the Price List has several: {several}", today)


def _fits(unit: str, wanted: str) -> bool:
    """Whether a price is for what is counted here: the list has some thirty ways to write an hour and a month."""
    hourly = unit.lower().startswith(("hr", "hour")) or unit.lower().endswith(("-hrs", "hours"))
    return hourly == (wanted == "hour")
