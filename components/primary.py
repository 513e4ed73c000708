"""What the stack of a secondary knows of its primary: the outputs of that stack, once the two fit together."""

from collections.abc import Iterator, Mapping
from typing import Any

import pulumi
from pydantic.alias_generators import to_camel

from components.outputs import declared
from components.settings import Mistake, Settings
from components.settings.errors import NOT_SET, entries

AGREED = tuple(name for name, output in declared() if output.said)
"""The outputs of the primary that a secondary's stack file has to agree with; see `contradictions`."""
READ = frozenset(name for name, output in declared() if output.read)
"""Those that a secondary reads."""


class Contradiction(pulumi.RunError):
    """A secondary whose stack file does not fit what the primary's stack has exported."""


class Primary:
    """What the stack of the primary has exported, for the stack of a secondary.

    Each attribute is the stack output of its name in camelCase, out of those that components/outputs.py declares for it. To use
    one that the primary does not have stops the program, as does using any of them while the two stacks contradict each other;
    in a preview already, for their outputs are known there.
    """

    def __init__(self, settings: Settings) -> None:
        if settings.primary_stack is None:
            raise ValueError("primary_stack is not set; only the stack of a secondary has a primary")
        self._name, self._kept, self._stack = settings.primary_stack, settings.disaster_recovery.primary_outputs, None
        if not self._kept:
            self._stack = pulumi.StackReference("primary", stack_name=self._name)
        # One by one, so that a secret among the outputs does not make secrets of all.
        known: Any = {key: self._output(key) for key in (*AGREED, "bucketName")}
        self._agreed = pulumi.Output.all(**known).apply(lambda outputs: self._agree(settings, outputs))

    def __getattr__(self, attribute: str) -> pulumi.Output[Any]:
        key = to_camel(attribute)
        if key not in READ:
            raise AttributeError(f"a secondary reads no output {key}; declare it so in components/outputs.py")
        return pulumi.Output.all(self._agreed, self._output(key)).apply(lambda known: self._present(key, known[1]))

    def _output(self, key: str) -> pulumi.Output[Any]:
        return self._stack.get_output(key) if self._stack else pulumi.Output.from_input(self._kept.get(key))

    def _present(self, key: str, value: Any) -> Any:
        if value is None:
            fix = f"bring the stack file of {self._name} in line with this one's, and deploy it first"
            if not self._stack:
                key_there = f"{pulumi.get_project()}:disasterRecovery.primaryOutputs"
                fix = f"add it to {key_there}, as `pulumi stack output -s {self._name}` told it"
            raise Contradiction(
                f"the stack {self._name} has no output {key}, which the stack {pulumi.get_stack()} needs; {fix}"
            )
        return value

    def _agree(self, settings: Settings, outputs: Mapping[str, Any]) -> bool:
        if mistakes := list(contradictions(settings, outputs, self._name, pulumi.get_project())):
            head = f"Pulumi.{pulumi.get_stack()}.yaml and the stack {self._name} contradict each other."
            raise Contradiction("\n\n".join([head, *entries(mistakes, {})]))
        return True


def contradictions(settings: Settings, outputs: Mapping[str, Any], stack: str, project: str = "hybridge") -> Iterator[Mistake]:
    """Where the stack file of a secondary and the outputs of the primary's stack differ. Keys with their namespace."""
    fix = f"Set it so in the stack file of {stack} and deploy that first, or change this stack."
    if settings.disaster_recovery.primary_outputs:
        # Nobody deploys a stack that is gone.
        fix = f"Set that in disasterRecovery.primaryOutputs, as `pulumi stack output -s {stack}` told it, or change this stack."
    if outputs.get("region") == settings.region:
        allowed = f"a region other than that of {stack}"
        yield Mistake("aws:region", settings.region, allowed, "Deploy the secondary to another region.")
    recovery, network, files = settings.disaster_recovery, settings.network, settings.storage
    for key, value, output in (
        ("aws:region", settings.region, "secondaryRegion"),
        (f"{project}:network.cidr", network.cidr, "secondaryCidr"),
        (f"{project}:network.privateZone", network.private_zone, "privateZoneName"),
        (f"{project}:disasterRecovery.primaryCidr", recovery.primary_cidr, "vpcCidrBlock"),
        (f"{project}:disasterRecovery.database", recovery.database, "databaseWay"),
        (f"{project}:database.name", settings.database.name, "databaseName"),
        # The same path has to lead to the same file.
        (f"{project}:storage.mountPath", files.mount_path, "filesMountPath"),
        (f"{project}:storage.fileGateway.nfs.prefix", files.file_gateway.nfs.prefix or NOT_SET, "filesPrefix"),
    ):
        found = outputs.get(output) or NOT_SET
        if found != value:
            yield Mistake(key, value, f"the same as the output {output} of {stack}, {found}", fix)
    if files.bucket_name is not None and files.bucket_name == outputs.get("bucketName"):
        allowed = f"a name that the bucket of {stack} has not: nobody else in the world can have it"
        yield Mistake(f"{project}:storage.bucketName", files.bucket_name, allowed, "Choose another, or remove it.")
    major, version = outputs.get("databaseMajorVersion"), settings.database.engine_version
    if recovery.database != "dms" and not recovery.promoted and version.split(".")[0] != major:
        allowed = f"PostgreSQL {major or NOT_SET}, as {stack} has: a copy is of the version of its original"
        yield Mistake(f"{project}:database.engineVersion", version, allowed, fix)
    hub = "transitGateway" if outputs.get("transitGatewayAsn") else "vpnGateway"
    if network.hub != hub:
        allowed = f"{hub}, as {stack} has: a Direct Connect gateway takes one kind of hub, and only transit gateways peer"
        yield Mistake(f"{project}:network.hub", network.hub, allowed, fix)
    asns = {_whole(outputs.get(key)) for key in ("transitGatewayAsn", "directConnectGatewayAsn")}
    if hub == "transitGateway" and network.amazon_asn in asns:
        allowed = f"an ASN that neither the transit gateway nor the Direct Connect gateway of {stack} has"
        yield Mistake(f"{project}:network.amazonAsn", network.amazon_asn, allowed, "Choose another private ASN.")


def _whole(output: Any) -> int | None:
    """A whole number among the outputs: the engine gives every number as a float, a stack file keeps text."""
    try:
        return int(float(output))
    except (TypeError, ValueError):
        return None
