"""The recorder itself: what it records is the same each time."""

import threading
import time
from typing import Any

import pulumi_aws as aws

from tests.recorder import REGION, deploy


def test_what_a_program_registers_is_recorded_one_after_another() -> None:
    """A second registration under way would see the parent that the first has just noted."""
    under_way = threading.Lock()
    overlaps = []

    def outputs(type_: str, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
        if not under_way.acquire(blocking=False):
            overlaps.append(name)
            return {}
        time.sleep(0.005)  # long enough for another thread to come in
        under_way.release()
        return {}

    def program() -> None:
        for number in range(10):
            aws.sns.Topic(f"topic-{number}", region=REGION)

    graph = deploy(program, outputs=outputs)
    assert overlaps == []
    assert [topic.name for topic in graph.created("aws:sns/topic:Topic")] == [f"topic-{number}" for number in range(10)]
