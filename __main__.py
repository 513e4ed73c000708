"""One container platform over a data centre and AWS: the architecture on one page."""

from typing import Any

import pulumi

from components.container_platform import ContainerPlatform
from components.database import Database
from components.hybrid_storage import HybridStorage
from components.management import Management
from components.network import Network
from components.primary import Primary
from components.settings import load, recovery
from components.wiring import (
    between_regions,
    by_name,
    by_position,
    database_between_regions,
    export,
    files_between_regions,
    names_of,
)

settings = load()
names = names_of(settings)
stack = pulumi.get_stack()
common: Any = {
    "region": settings.region,
    "tags": {"Project": pulumi.get_project(), "Stack": stack, **settings.tags},
}
data: Any = {"protected": settings.protect}
backup_tag, patch_group = f"hybridge-{stack}", f"hybridge-{stack}"

# The stack of a second region: what role and mode mean is translated in components/settings/recovery.py.
primary = Primary(settings) if recovery.is_secondary(settings) else None

# The VPC and its links to the data centre. Everything else lives in it.
network = Network(
    "network",
    common
    | settings.network.as_args()
    | between_regions(settings, primary)
    | {"on_premises": settings.on_premises.as_args(), "client_vpn": settings.client_vpn.as_args()},
)
clients = settings.client_vpn
inside: Any = {
    "vpc_id": network.vpc_id,
    "private_subnet_ids": network.private_subnet_ids,
}
served: Any = {"on_premises_cidrs": settings.on_premises.cidrs}
named: Any = {
    "private_zone_id": network.private_zone_id,
    "private_zone_name": settings.network.private_zone,
    "names": recovery.names(settings),
}

# What holds data comes before the platform, whose hosts mount the files and whose containers read the database's secret.
database = Database(
    "database",
    common
    | data
    | inside
    | served
    | named
    | settings.database.as_args()
    | {
        "isolated_subnet_ids": network.isolated_subnet_ids,
        "endpoint_security_group_id": network.endpoint_security_group_id,
        "client_vpn_security_group_id": network.client_vpn_security_group_id if clients.reaches("database") else None,
        "backup_tag": backup_tag,
        "migration": settings.migration.as_args(),
    }
    | database_between_regions(settings, primary, network.vpc_cidr_block),
)
storage = HybridStorage(
    "storage",
    common
    | data
    | inside
    | served
    | settings.storage.as_args()
    | {
        "zones": settings.network.zones,
        "storage_gateway_endpoint_dns_name": network.storage_gateway_endpoint_dns_name,
        "s3_interface_endpoint_dns_name": network.s3_interface_endpoint_dns_name,
    }
    # EFS keeps backups of its own unless a plan selects it.
    | ({"backup_tag": backup_tag} if settings.management.backup.enabled else {})
    | files_between_regions(settings, primary),
)

# Containers on both sides.
platform = ContainerPlatform(
    "platform",
    common
    | data
    | inside
    | served
    | named
    | settings.containers.as_args()
    | recovery.instances(settings)
    | {
        "image_copies_region": settings.secondary_region,
        "repositories_exist": primary is not None,
        "vpc_cidr_block": network.vpc_cidr_block,
        "ssh_cidrs": settings.on_premises.ssh_cidrs,
        "client_vpn_security_group_id": network.client_vpn_security_group_id if clients.reaches("ssh") else None,
        "patch_group": patch_group,
        "workloads": recovery.workloads(settings),
        "database": {
            "secret_arn": database.secret_arn,
            "kms_key_arn": database.kms_key_arn,
            "security_group_id": database.security_group_id,
            "port": database.port,
        },
        "files": {
            "bucket_name": storage.bucket_name,
            "access_policy_arn": storage.access_policy_arn,
            "mount_path": storage.mount_path,
            "prefix": settings.storage.file_gateway.nfs.prefix or "",
            # While they are another region's, the role of the hosts is what keeps them from writing: a mount of another kind
            # would make every host anew in the middle of a failover.
            "aws_writes": settings.storage.aws_writes,
            "efs_file_system_id": storage.efs_file_system_id,
            "efs_access_point_id": storage.efs_access_point_id,
            "efs_security_group_id": storage.efs_security_group_id,
        },
    },
    # Known to nobody by a value of theirs, and yet hosts need them from their first boot until their last task has stopped.
    pulumi.ResourceOptions(depends_on=network.ways_out),
)

# One way to run all of it: last, for it watches and keeps what the others made.
management = Management(
    "management",
    common
    | data
    | inside
    | settings.management.as_args()
    | {
        "tracing": settings.containers.tracing,
        "traced_workloads": [workload.name for workload in settings.workloads],
        "patch_group": patch_group,
        "backup_tag": backup_tag,
        "backup_copies_region": settings.secondary_region,
        "backup_paused": recovery.stands_by(settings),
        "probes": {"database": pulumi.Output.format("{}:{}", database.address, database.port)} if database.address else None,
        "connection_ids": by_name(network.connection_ids, names.circuits),
        "virtual_interface_ids": by_name(network.virtual_interface_ids, names.circuits_up),
        "vpn_connection_ids": by_name(network.vpn_connection_ids, names.routers),
        "nat_gateway_ids": by_position(network.nat_gateway_ids, names.nat_zones),
        "cluster_name": platform.cluster_name,
        "auto_scaling_group_name": platform.auto_scaling_group_name,
        "capacity_provider_name": platform.capacity_provider_name,
        "load_balancer_arn_suffix": platform.load_balancer_arn_suffix,
        "target_group_arn_suffixes": platform.target_groups,
        "service_names": platform.services,
        "instance_role_name": platform.instance_role_name,
        "on_premises_role_name": platform.on_premises_role_name,
        "database_identifier": database.instance_identifier,
        "database_subnet_group_name": database.subnet_group_name,
        "database_storage_gib": settings.database.storage_gib,
        "replica_identifiers": by_position(database.replica_identifiers, names.replicas if database.address else [])
        | ({"standby": database.instance_identifier} if names.following else {}),
        "replication_instance_identifier": database.replication_instance_identifier if names.migrating else None,
        "migration_task_arns": by_name(database.migration_task_arns, names.migrating),
        "bucket_name": storage.bucket_name,
        "files_source": {"bucket_name": primary.bucket_name, "rule_id": storage.replication_rule_id}
        if primary and storage.replication_rule_id
        else None,
        "files_copied": settings.secondary_region is not None or settings.disaster_recovery.reverse_replication,
        "gateway_arn": storage.gateway_arn,
        "gateway_name": storage.gateway_name,
        "efs_file_system_id": storage.efs_file_system_id,
    },
)

export(
    {
        "region": settings.region,
        "secondaryRegion": settings.secondary_region,
        "secondaryCidr": settings.disaster_recovery.secondary_cidr,
        "vpcId": network.vpc_id,
        "vpcCidrBlock": network.vpc_cidr_block,
        "privateSubnetIds": network.private_subnet_ids,
        "privateZoneId": network.private_zone_id,
        "privateZoneName": network.private_zone_name,
        "resolverInboundAddresses": network.resolver_inbound_addresses,
        "resolverForwardedDomains": network.forwarded_domains,
        "directConnectGatewayId": network.direct_connect_gateway_id if names.circuits else None,
        "directConnectConnectionIds": network.connection_ids,
        "directConnectGatewayAsn": settings.direct_connect.gateway_asn if names.circuits else None,
        "transitGatewayId": network.transit_gateway_id if names.transit else None,
        "transitGatewayAsn": settings.network.amazon_asn if names.transit else None,
        "transitGatewayRouteTableId": network.transit_gateway_route_table_id if names.transit else None,
        "vpnTunnels": network.vpn_tunnels,
        "vpnTunnelAddresses": network.vpn_tunnel_addresses,
        "vpnPresharedKeySecretArns": network.preshared_key_arns,
        "clientVpnEndpointId": network.client_vpn_endpoint_id if settings.client_vpn.enabled else None,
        "clusterName": platform.cluster_name,
        "loadBalancerDnsName": platform.load_balancer_dns_name,
        "repositoryUrls": platform.repository_urls,
        "onPremisesJoinCommand": platform.join_command,
        "databaseArn": database.instance_arn,
        "databaseAddress": database.address,
        "databaseDnsName": database.dns_name,
        "databaseSecretArn": database.secret_arn,
        "databaseSecurityGroupId": database.security_group_id,
        "databaseWay": settings.disaster_recovery.database if settings.secondary_region else None,
        "databaseName": settings.database.name,
        "databaseMajorVersion": settings.database.engine_version.split(".")[0],
        "databaseCopiesKeyArn": database.copies_key_arn,
        "databaseBackupsReplicationArn": database.automated_backups_arn,
        "databaseReplicaAddresses": database.replica_addresses,
        "migrationTaskArns": database.migration_task_arns,
        "bucketName": storage.bucket_name,
        "bucketArn": storage.bucket_arn,
        "bucketKmsKeyArn": storage.kms_key_arn,
        "fileGatewayActivationRequest": storage.gateway_activation_request,
        "fileGatewayArn": storage.gateway_arn,
        "filesMountPath": storage.mount_path,
        "filesPrefix": settings.storage.file_gateway.nfs.prefix,
        "fileShareArn": storage.file_share_arn,
        "smbFileShareArn": storage.smb_file_share_arn,
        "efsFileSystemId": storage.efs_file_system_id,
        "alarmTopicArn": management.alarm_topic_arn,
        "dashboardName": management.dashboard_name,
        "diagnosticsDocumentName": management.diagnostics_document_name,
        "backupVaultName": management.vault_name if settings.management.backup.enabled else None,
        "backupCopiesVaultArn": management.copies_vault_arn if recovery.copies_backups(settings) else None,
    }
)
