"""One container platform over a data centre and AWS: the architecture on one page."""

import pulumi

from components import fence
from components.container_platform import ContainerPlatform
from components.container_platform.args import ContainerPlatformArgs
from components.database import Database, DatabaseArgs
from components.hybrid_storage import HybridStorage
from components.hybrid_storage.args import HybridStorageArgs
from components.made import Made, add_own
from components.management import Management
from components.management.args import ManagementArgs
from components.network import Network, NetworkArgs
from components.outputs import Built, export
from components.primary import Primary
from components.regions import Regions
from components.settings import load, recovery
from components.settings.database_users import user_of
from components.wiring import Common, Inside, Named, taken, watched

settings = load()
project, stack = pulumi.get_project(), pulumi.get_stack()
common: Common = {"region": settings.region, "tags": {"Project": project, "Stack": stack, **settings.tags}}
protected, backup_tag, patch_group = settings.protect, f"{project}-{stack}", f"{project}-{stack}"
on_premises, clients = settings.on_premises, settings.client_vpn

# What a stack of two regions shares with the other one; next to nothing where there is one. A primary that was lost stops here.
fence.heed(settings)
regions = Regions(settings, Primary(settings) if recovery.is_secondary(settings) else None)

# The VPC and its links to the data centre. Everything else lives in it.
network = Network(
    "network",
    taken(
        NetworkArgs,
        common,
        settings.network,
        regions.network(),
        {"on_premises": on_premises.as_args(), "client_vpn": clients.as_args()},
    ),
)
inside: Inside = {"vpc_id": network.vpc_id, "private_subnet_ids": network.private_subnet_ids}
named: Named = {
    "private_zone_id": network.private_zone_id,
    "private_zone_name": settings.network.private_zone,
    "names": recovery.names(settings),
}

# What holds data comes before the platform, whose hosts mount the files and whose containers read the database's secret.
database = Database(
    "database",
    taken(
        DatabaseArgs,
        common,
        inside,
        named,
        settings.database,
        regions.database(network.vpc_cidr_block),
        {
            "protected": protected,
            "backup_tag": backup_tag,
            "backup_account": settings.management.backup.account,
            "on_premises_cidrs": on_premises.cidrs,
            "client_vpn_security_group_id": network.client_vpn_security_group_id if clients.reaches("database") else None,
            "isolated_subnet_ids": network.isolated_subnet_ids,
            "endpoint_security_group_id": network.endpoint_security_group_id,
            "migration": settings.migration.as_args(),
        },
    ),
)
fence.set_up(settings, database.instance_arn, common["tags"])
storage = HybridStorage(
    "storage",
    taken(
        HybridStorageArgs,
        common,
        inside,
        settings.storage,
        regions.files(),
        {
            "protected": protected,
            # EFS keeps backups of its own unless a plan selects it.
            **({"backup_tag": backup_tag} if settings.management.backup.enabled else {}),
            "zones": settings.network.zones,
            "on_premises_cidrs": on_premises.cidrs,
            "storage_gateway_endpoint_dns_name": network.storage_gateway_endpoint_dns_name,
            "s3_interface_endpoint_dns_name": network.s3_interface_endpoint_dns_name,
        },
    ),
)

# Containers on both sides.
platform = ContainerPlatform(
    "platform",
    taken(
        ContainerPlatformArgs,
        common,
        inside,
        named,
        settings.containers,
        regions.platform(),
        {
            "protected": protected,
            "patch_group": patch_group,
            "vpc_cidr_block": network.vpc_cidr_block,
            "on_premises_cidrs": [*on_premises.cidrs, *settings.network.other_networks],
            "ssh_cidrs": on_premises.ssh_cidrs,
            "client_vpn_security_group_id": network.client_vpn_security_group_id if clients.reaches("ssh") else None,
            "database": {
                "secret_arn": database.secret_arn,
                "user_secret_arns": {
                    workload: database.user_secret_arns[user] for workload, user in user_of(settings.database.users).items()
                },
                "kms_key_arn": database.kms_key_arn,
                "security_group_id": database.security_group_id,
                "port": database.port,
            },
            "files": {
                "bucket_name": storage.bucket_name,
                "access_policy_arn": storage.access_policy_arn,
                "mount_path": storage.mount_path,
                "prefix": settings.storage.file_gateway.nfs.prefix or "",
                # While they are another region's, the role of the hosts is what keeps them from writing: a mount of another
                # kind would make every host anew in the middle of a failover.
                "aws_writes": settings.storage.aws_writes,
                "efs_file_system_id": storage.efs_file_system_id,
                "efs_access_point_id": storage.efs_access_point_id,
                "efs_security_group_id": storage.efs_security_group_id,
            },
        },
    ),
    # Known to nobody by a value of theirs, and yet hosts need them from their first boot until their last task has stopped.
    pulumi.ResourceOptions(depends_on=network.ways_out),
)

# One way to run all of it: last, for it watches and keeps what the others made.
management = Management(
    "management",
    taken(
        ManagementArgs,
        common,
        inside,
        settings.management,
        watched(settings, network, database, storage, platform),
        regions.management(storage.replication_rule_id),
        {"protected": protected, "backup_tag": backup_tag, "patch_group": patch_group},
    ),
)

built = Built(settings, network, database, storage, platform, management)

# What your team adds, in own/.
add_own(Made(*built, common["tags"]))

# components/outputs.py declares them once: for this, for the README, and for the stack of a second region.
export(built)
