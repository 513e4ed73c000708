"""An alarm as plain data, in the words of CloudWatch."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pulumi

Missing = Literal["breaching", "notBreaching", "ignore", "missing"]
Category = Literal["Availability", "Performance", "Recovery"]
ABOVE, BELOW, AT_MOST = "GreaterThanThreshold", "LessThanThreshold", "LessThanOrEqualToThreshold"
GIB = 1024**3


@dataclass(frozen=True)
class Metric:
    """One metric of CloudWatch."""

    namespace: str
    name: pulumi.Input[str]
    dimensions: Mapping[str, pulumi.Input[str]]
    statistic: str = "Average"
    """A statistic, or a percentile such as p95."""


@dataclass(frozen=True)
class Watch:
    """One alarm."""

    name: str
    """Part of its name."""
    description: str
    """What is wrong when it rings, and where to look first; it stands in the mail."""
    metric: Metric | None
    """None: `expression` asks for one itself."""
    threshold: float
    comparison: str = ABOVE
    minutes: int = 5
    """The length of a period."""
    periods: int = 3
    """How many periods in a row are wrong before it rings."""
    missing: Missing = "notBreaching"
    """What a period without data means. notBreaching: no data, no trouble. breaching: silence is the trouble."""
    severity: Literal[1, 2, 3, 4] = 3
    """Of the OpsItem: 1 is critical, 4 low."""
    category: Category = "Availability"
    others: Mapping[str, Metric] = field(default_factory=dict)
    """Further metrics for `expression`, by id."""
    expression: pulumi.Input[str] | None = None
    """Metric math over `metric`, whose id is `first`, and `others`; without a metric, a query of Metrics Insights. None: the
    metric itself."""
