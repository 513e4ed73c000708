"""AD Connector: AWS asks the directory that is already on-premises, and keeps no copy of it."""

from typing import Any, TypedDict

import pulumi
import pulumi_aws as aws

from components.management.args import DirectoryArgs


class DirectoryConnectorArgs(TypedDict):
    """What DirectoryConnector takes."""

    region: str
    """The AWS region."""
    tags: dict[str, str]
    """Tags of every resource."""
    protected: bool
    """Whether the directory cannot be deleted by mistake: a new one has another id, which its users would have to learn."""
    vpc_id: pulumi.Input[str]
    """The VPC."""
    subnet_ids: pulumi.Input[Any]
    """Subnets in zones of their own; the first two are used."""
    directory: DirectoryArgs
    """The directory."""


class DirectoryConnector(pulumi.ComponentResource):
    """AWS services that want a directory (Client VPN, the SMB share of the File Gateway) can use the one on-premises."""

    directory_id: pulumi.Output[str]
    """The directory, as those services name it."""

    def __init__(self, name: str, args: DirectoryConnectorArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("hybridge:index:DirectoryConnector", name, {**args}, opts)
        wanted = args["directory"]
        directory = aws.directoryservice.Directory(
            name,
            name=wanted["name"],
            short_name=wanted.get("short_name"),
            description="Connects to the directory on-premises",
            type="ADConnector",
            size=wanted["size"],
            password=wanted["password"],
            connect_settings={
                "customer_dns_ips": list(wanted["dns_servers"]),
                "customer_username": wanted["username"],
                # AWS asks for exactly two subnets, in different zones.
                "subnet_ids": pulumi.Output.from_input(args["subnet_ids"]).apply(lambda ids: list(ids)[:2]),
                "vpc_id": args["vpc_id"],
            },
            tags={**args["tags"], "Name": name},
            region=args["region"],
            # The connector is of no use, and refuses to come up, until it reaches the domain controllers over the circuit.
            opts=pulumi.ResourceOptions(
                parent=self,
                custom_timeouts=pulumi.CustomTimeouts(create="60m", delete="60m"),
                # The provider makes another directory of each of these, while AWS changes them in place (Directory details,
                # Service account credentials), and whoever uses the connector would keep it from being deleted.
                ignore_changes=["password", "connectSettings.customerUsername"],
                protect=args["protected"],
                # Each connector needs a service account of its own: a second one beside the first would have none.
                # https://docs.aws.amazon.com/directoryservice/latest/admin-guide/ad_connector_best_practices.html
                delete_before_replace=True,
            ),
        )
        self.directory_id = directory.id
        self.register_outputs({"directory_id": self.directory_id})
