"""Directory Service: moto shows settings of RADIUS, though empty ones, of a directory that has none."""

from typing import Any

from rehearsal.extend import Call, operation


@operation("ds", "DescribeDirectories")
def describe_directories(call: Call) -> Any:
    """AWS leaves them out, and tools look into what is there."""
    answer = call.moto()
    for directory in answer.result["DirectoryDescriptions"]:
        if not directory["RadiusSettings"]:
            del directory["RadiusSettings"]
    return answer
