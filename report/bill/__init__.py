"""What is billed of a deployment, and at which price: quantities from what was deployed, prices from AWS alone."""

from report.bill.prices import ENDPOINT, Kept, Price, Priced, price
from report.bill.quantities import Ask, Billed, beside_each_other, billed

__all__ = ["ENDPOINT", "Ask", "Billed", "Kept", "Price", "Priced", "beside_each_other", "billed", "price"]
