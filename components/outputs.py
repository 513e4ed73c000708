"""The outputs of a stack, declared once: for the export, for the README, and for a secondary, which reads some."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import pulumi

from components.settings import Settings, recovery

if TYPE_CHECKING:
    # For the types alone: whoever compares two stack files does not wait for the components to be imported.
    from components.container_platform import ContainerPlatform
    from components.database import Database
    from components.hybrid_storage import HybridStorage
    from components.management import Management
    from components.network import Network


class Built(NamedTuple):
    """What the program has made, and of what settings."""

    settings: Settings
    network: "Network"
    database: "Database"
    storage: "HybridStorage"
    platform: "ContainerPlatform"
    management: "Management"


@dataclass(frozen=True)
class Output:
    """One output of the stack. What has no value, or None, is left out."""

    of: Callable[[Built], Any]
    said: Callable[[Settings], Any] | None = None
    """The same from the settings alone, where it follows from them: a secondary has to agree with it."""
    read: bool = False
    """Whether the stack of a secondary reads it."""


def said(value: Callable[[Settings], Any]) -> Output:
    """An output that follows from the settings alone."""
    return Output(lambda built: value(built.settings), value, read=True)


def made(value: Callable[[Built], Any]) -> Output:
    """An output that is known once it is made."""
    return Output(value)


def read(value: Callable[[Built], Any]) -> Output:
    """One that the stack of a secondary reads."""
    return Output(value, read=True)


def _circuits(settings: Settings) -> bool:
    return settings.direct_connect.used


def _transit(settings: Settings) -> bool:
    return settings.network.hub == "transitGateway"


def _own_transit(settings: Settings) -> bool:
    return _transit(settings) and settings.network.transit_gateway is None


OUTPUTS: dict[str, dict[str, Output]] = {
    "the region; the other one and its network, where there are two": {
        "region": said(lambda settings: settings.region),
        "secondaryRegion": said(lambda settings: settings.secondary_region),
        "secondaryCidr": said(lambda settings: settings.disaster_recovery.secondary_cidr),
    },
    "the VPC, and where hosts and containers are": {
        "vpcId": made(lambda built: built.network.vpc_id),
        "vpcCidrBlock": said(lambda settings: settings.network.cidr),
        "privateSubnetIds": made(lambda built: built.network.private_subnet_ids),
    },
    "the private hosted zone: `apps.`, `database.` and `<workload>.` are names in it": {
        "privateZoneId": read(lambda built: built.network.private_zone_id),
        "privateZoneName": said(lambda settings: settings.network.private_zone),
    },
    "where DNS servers on-premises forward to, and which domains exactly": {
        "resolverInboundAddresses": made(lambda built: built.network.resolver_inbound_addresses),
        "resolverForwardedDomains": made(lambda built: built.network.forwarded_domains),
    },
    "the circuits, by name": {
        "directConnectGatewayId": read(
            lambda built: built.network.direct_connect_gateway_id if _circuits(built.settings) else None
        ),
        "directConnectGatewayAsn": said(lambda settings: settings.direct_connect.gateway_asn if _circuits(settings) else None),
        "directConnectConnectionIds": made(lambda built: built.network.connection_ids),
    },
    "**secret**: the keys of the circuits' BGP sessions, for the routers": {
        "directConnectBgpKeys": made(
            lambda built: (
                built.network.bgp_keys
                if any(one.state == "available" for one in built.settings.direct_connect.connections)
                else None
            )
        ),
    },
    "the hub, if it is a transit gateway": {
        "transitGatewayId": read(lambda built: built.network.transit_gateway_id if _transit(built.settings) else None),
        "transitGatewayAsn": said(lambda settings: settings.network.amazon_asn if _own_transit(settings) else None),
        "transitGatewayRouteTableId": read(
            lambda built: built.network.transit_gateway_route_table_id if _own_transit(built.settings) else None
        ),
    },
    "what `hybridge kit` tells the routers of each tunnel: addresses of both ends, the ASN of AWS": {
        "vpnTunnels": made(lambda built: built.network.vpn_tunnels),
    },
    "for the routers: both addresses of each, and the secret with its keys": {
        "vpnTunnelAddresses": made(lambda built: built.network.vpn_tunnel_addresses),
        "vpnPresharedKeySecretArns": made(lambda built: built.network.preshared_key_arns),
    },
    "what developers export their client configuration from": {
        "clientVpnEndpointId": made(
            lambda built: built.network.client_vpn_endpoint_id if built.settings.client_vpn.enabled else None
        ),
    },
    "the ECS cluster, its load balancer, where own images are pushed, what starts each job by hand": {
        "clusterName": made(lambda built: built.platform.cluster_name),
        "loadBalancerDnsName": made(lambda built: built.platform.load_balancer_dns_name),
        "repositoryUrls": made(lambda built: built.platform.repository_urls),
        "jobCommands": made(lambda built: built.platform.job_commands if built.platform.jobs else None),
    },
    "**secret**: what root runs on a server to join the cluster": {
        "onPremisesJoinCommand": made(lambda built: built.platform.join_command),
    },
    "the host that the certificate names, its name in the private zone, what was restored beside it, the replicas": {
        "databaseAddress": made(lambda built: built.database.address),
        "databaseDnsName": made(lambda built: built.database.dns_name),
        "databaseRestoredAddress": made(lambda built: built.database.restored_address),
        "databaseReplicaAddresses": made(lambda built: built.database.replica_addresses),
    },
    "the secret with user, password, host, port and database; never the password itself": {
        "databaseSecretArn": read(lambda built: built.database.secret_arn),
    },
    "the same of each user: of `database.users`, and of DMS while it writes": {
        "databaseUserSecretArns": read(lambda built: built.database.user_secret_arns),
    },
    "what a second region copies the database from": {
        "databaseArn": read(lambda built: built.database.instance_arn),
        "databaseSecurityGroupId": read(lambda built: built.database.security_group_id),
        "databaseCopiesKeyArn": read(lambda built: built.database.copies_key_arn),
        "databaseBackupsReplicationArn": read(lambda built: built.database.automated_backups_arn),
        "databaseWay": said(lambda settings: settings.disaster_recovery.database if settings.secondary_region else None),
        "databaseName": said(lambda settings: settings.database.name),
        "databaseMajorVersion": said(lambda settings: settings.database.engine_version.split(".")[0]),
    },
    "the DMS tasks, by source; bucket and role of their premigration assessments": {
        "migrationTaskArns": made(lambda built: built.database.migration_task_arns),
        "migrationAssessment": made(
            lambda built: built.database.assessment if built.settings.migration.stage == "assess" else None
        ),
    },
    "the files": {
        "bucketName": read(lambda built: built.storage.bucket_name),
        "bucketArn": read(lambda built: built.storage.bucket_arn),
        "bucketKmsKeyArn": read(lambda built: built.storage.kms_key_arn),
        "filesMountPath": said(lambda settings: settings.storage.mount_path),
        "filesPrefix": said(lambda settings: settings.storage.file_gateway.nfs.prefix),
        "fileShareArn": made(lambda built: built.storage.file_share_arn),
        "smbFileShareArn": made(lambda built: built.storage.smb_file_share_arn),
        "efsFileSystemId": made(lambda built: built.storage.efs_file_system_id),
        "efsAccessPointId": made(lambda built: built.storage.efs_access_point_id),
    },
    "how to ask a gateway VM for its key; the gateway once it has one, and further ones by name": {
        "fileGatewayActivationRequest": made(lambda built: built.storage.gateway_activation_request),
        "fileGatewayArn": made(lambda built: built.storage.gateway_arn),
        "fileGatewayArns": made(
            lambda built: (
                built.storage.gateway_arns if any(one.activation_key for one in built.settings.storage.file_gateways) else None
            )
        ),
    },
    "where alarms go, what to look at, the Run Command document that examines a host": {
        "alarmTopicArn": made(lambda built: built.management.alarm_topic_arn),
        "dashboardName": made(lambda built: built.management.dashboard_name),
        "diagnosticsDocumentName": made(lambda built: built.management.diagnostics_document_name),
    },
    "policies for whoever runs the platform, by kind of work: look, shell, run, restore": {
        "operatorPolicyArns": made(lambda built: built.management.operator_policy_arns),
    },
    "the backups, and their copies in the second region": {
        "backupVaultName": made(
            lambda built: built.management.vault_name if built.settings.management.backup.enabled else None
        ),
        "backupMachinesRoleArn": made(lambda built: built.management.backup_machines_role_arn),
        "backupCopiesVaultArn": made(
            lambda built: built.management.copies_vault_arn if recovery.copies_backups(built.settings) else None
        ),
    },
}
"""What they are, for a person -> the outputs by name. `hybridge schema` makes the README's table of it."""


def declared() -> Iterator[tuple[str, Output]]:
    """Every output with its name."""
    for outputs in OUTPUTS.values():
        yield from outputs.items()


def export(built: Built) -> None:
    """Export what this stack has."""
    for name, output in declared():
        value = output.of(built)
        if value is not None:
            pulumi.export(name, value)


def known_beforehand(settings: Settings) -> dict[str, Any]:
    """What a stack with these settings would export, as far as it follows from them."""
    return {name: output.said(settings) for name, output in declared() if output.said}


def table() -> str:
    """The outputs as the README tells of them."""
    rows = [f"| {', '.join(f'`{name}`' for name in outputs)} | {meaning} |" for meaning, outputs in OUTPUTS.items()]
    return "\n".join(["| output | what it is |", "|---|---|", *rows])
