"""Args of Management in full, and a deployment of it."""

from typing import Any, cast

from components.management import Management
from components.management.args import ManagementArgs
from tests.recorder import REGION, Graph, deploy

TAGS = {"Environment": "test", "Project": "hybridge"}
TOPIC = "arn:aws:sns:SNS:management-topic"


def full(**others: Any) -> ManagementArgs:
    """Everything there is to watch; `others` replace or add, None leaves out."""
    args: dict[str, Any] = {
        "region": REGION,
        "tags": TAGS,
        "protected": True,
        "account_settings": "create",
        "advanced_tier": True,
        "time_zone": "Asia/Seoul",
        "log_retention_days": 90,
        "patching": {
            "operating_systems": ["AMAZON_LINUX_2023", "UBUNTU"],
            "approve_after_days": 7,
            "rejected_patches": ["kernel*"],
            "scan_schedule": "cron(0 3 ? * * *)",
            "install_schedule": "cron(0 4 ? * SUN *)",
            "duration_hours": 3,
            "cutoff_hours": 1,
            "max_concurrency": "1",
            "max_errors": "1",
            "reboot": "RebootIfNeeded",
        },
        "sessions": {"idle_minutes": 20, "max_minutes": 480},
        "backup": {
            "enabled": True,
            "start_hour": 5,
            "resource_types": ["RDS", "S3", "EFS"],
            "completion_hours": 168,
            "daily_retention_days": 35,
            "weekly_retention_days": 90,
            "monthly_retention_days": 365,
            "monthly_cold_after_days": 30,
            "restore_testing": {
                "resource_types": ["RDS", "EFS"],
                "schedule": "cron(0 8 1 * ? *)",
                "window_days": 30,
                "keep_hours": 4,
            },
        },
        "alarms": {
            "emails": ["ops@corp.example", "night@corp.example"],
            "ops_items": True,
            "database_connections": 350,
            "database_free_storage_percent": 8,
            "replica_lag_seconds": 300,
            "response_seconds": 2.0,
            "host_percent": 90,
        },
        "traces": {"per_second": 1, "share": 0.05, "faults": 5},
        "patch_group": "hybridge-test",
        "backup_tag": "hybridge-test",
        "probes": {"database": "database.aws.corp.example:5432"},
        "vpc_id": "vpc-0123",
        "private_subnet_ids": ["subnet-a", "subnet-b", "subnet-c"],
        "connection_ids": {"east": "dxcon-east", "west": "dxcon-west", "ordered": "dxcon-ordered"},
        "virtual_interface_ids": {"east": "dxvif-east", "west": "dxvif-west"},
        "vpn_connection_ids": {"router-1": "vpn-1", "router-2": "vpn-2"},
        "nat_gateway_ids": {"2a": "nat-a", "2b": "nat-b"},
        "cluster_name": "platform-cluster",
        "auto_scaling_group_name": "platform-hosts",
        "capacity_provider_name": "platform-ec2",
        "load_balancer_arn_suffix": "app/platform/0123",
        "target_group_arn_suffixes": {"shop": "targetgroup/shop/0123"},
        "service_names": {"shop-aws": "platform-shop-aws", "shop-on-premises": "platform-shop-on-premises"},
        "instance_role_name": "platform-hosts",
        "on_premises_role_name": "platform-servers",
        "database_identifier": "database-1",
        "database_subnet_group_name": "database-subnets",
        "database_storage_gib": 100,
        "replica_identifiers": {"bi-1": "database-bi-1"},
        "replication_instance_identifier": "migration-1",
        "set_aside_metric": "TablesSetAside-migration-1",
        "migration_task_arns": {"crm": f"arn:aws:dms:{REGION}:123456789012:task:ABCDEF"},
        "bucket_name": "files-bucket",
        "gateway_arn": f"arn:aws:storagegateway:{REGION}:123456789012:gateway/sgw-12A3456B",
        "gateway_name": "files",
        "efs_file_system_id": "fs-0123",
    }
    return cast(ManagementArgs, {key: value for key, value in {**args, **others}.items() if value is not None})


def bare(**others: Any) -> ManagementArgs:
    """What Management cannot do without: nothing to watch, everything optional off."""
    args = cast(dict[str, Any], full())
    kept = ("region", "tags", "protected", "time_zone", "log_retention_days", "patching", "sessions", "traces")
    off = {
        "account_settings": "adopt",
        "advanced_tier": False,
        "backup": {**args["backup"], "enabled": False},
        "alarms": {"ops_items": False},
        "patch_group": "hybridge-test",
        "backup_tag": "hybridge-test",
    }
    return cast(ManagementArgs, {**{key: args[key] for key in kept}, **off, **others})


def managed(args: ManagementArgs | None = None) -> Graph:
    """A deployment of Management alone."""

    def program() -> Management:
        return Management("management", full() if args is None else args)

    return deploy(program, outputs=_outputs)


def _outputs(type_: str, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
    if type_ == "aws:kms/key:Key":
        return {"keyId": f"{name}-key-id"}
    return {}
