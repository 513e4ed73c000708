"""Topics that a stack file names: another team made them, for its pager."""

from rehearsal.emulator import Emulator
from rehearsal.outside import adopted


@adopted(r"arn:aws:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+")
def topic(aws: Emulator, arn: str, region: str) -> None:
    """It exists, in the region that its ARN names."""
    own, name = arn.split(":")[3], arn.rsplit(":", 1)[-1]
    aws.call("sns", "CreateTopic", {"Name": name}, region=own)
