"""The container platform: one ECS cluster over EC2 hosts and on-premises servers, its load balancer, registry and workloads."""

import json
from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components.arguments import completed
from components.container_platform import policies
from components.container_platform.anywhere import Anywhere
from components.container_platform.args import ContainerPlatformArgs, OnPremisesServersArgs
from components.container_platform.capacity import Capacity
from components.container_platform.cluster import Cluster
from components.container_platform.firewall import Firewall, cidr_key, fixed_ports, networks_of, server_ports
from components.container_platform.job import schedule_group
from components.container_platform.load_balancer import LoadBalancer
from components.container_platform.placement import cannot_run
from components.container_platform.registry import Registry
from components.container_platform.shared import PlatformArgs, ZoneArgs
from components.container_platform.task_roles import task_policy, task_trust
from components.container_platform.workload import Workload
from components.inputs import gathered, known
from components.names import ON_PREMISES, weighted

__all__ = ["ContainerPlatform", "ContainerPlatformArgs"]


class ContainerPlatform(pulumi.ComponentResource):
    """Containers run on EC2 hosts and on-premises servers from one definition each, internal only, logged and audited.

    Hosts and workloads scale apart from each other: workloads by their load, hosts by what the workloads reserve.
    """

    cluster_name: pulumi.Output[str]
    """Name of the ECS cluster."""
    cluster_arn: pulumi.Output[str]
    """ARN of the ECS cluster."""
    kms_key_arn: pulumi.Output[str]
    """ARN of the key that encrypts ECS Exec sessions, logs and repositories."""
    log_group_name: pulumi.Output[str]
    """Log group with what people did by ECS Exec."""
    auto_scaling_group_name: pulumi.Output[str]
    """Auto scaling group of the EC2 hosts."""
    capacity_provider_name: pulumi.Output[str]
    """Capacity provider over that group."""
    instance_security_group_id: pulumi.Output[str]
    """Security group of the EC2 hosts."""
    instance_role_name: pulumi.Output[str]
    """Role of the EC2 hosts."""
    load_balancer_arn: pulumi.Output[str]
    """ARN of the internal load balancer."""
    load_balancer_arn_suffix: pulumi.Output[str]
    """The end of that ARN, by which CloudWatch knows it."""
    load_balancer_dns_name: pulumi.Output[str]
    """Its own DNS name; in the private zone it is `apps.<zone>` as well."""
    target_group_arn_suffixes: pulumi.Output[dict[str, str]]
    """Workload with a route to the end of the ARN of its target group of copies on AWS, `<workload>-on-premises` to that of
    the one of servers on-premises."""
    service_names: pulumi.Output[dict[str, str]]
    """Workload to the name of its ECS service on AWS, `<workload>-on-premises` to that of the one on-premises."""
    schedule_group_name: pulumi.Output[str] | None
    """Group of the schedules of jobs; None without any."""
    job_commands: pulumi.Output[dict[str, str]]
    """Job to the command that starts it once, by hand."""
    repository_urls: pulumi.Output[dict[str, str]]
    """Repository to what the names of its images begin with."""
    on_premises_role_name: pulumi.Output[str]
    """Role of the on-premises servers."""
    activation_id: pulumi.Output[str] | None
    """Id of the activation by which on-premises servers join; None if none may join now. So are the other two."""
    activation_code: pulumi.Output[str] | None
    """Its code; a secret."""
    join_command: pulumi.Output[str] | None
    """What root runs on a server to join; a secret."""

    def __init__(self, name: str, args: ContainerPlatformArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = completed(ContainerPlatformArgs, args, f"ContainerPlatform {name!r}", cannot_run)
        super().__init__("hybridge:index:ContainerPlatform", name, known(args), opts)
        child, invoke = pulumi.ResourceOptions(parent=self), pulumi.InvokeOutputOptions(parent=self)
        region, tags, protected = args["region"], args["tags"], args["protected"]
        log_retention_days, tracing = args.get("log_retention_days", 30), args.get("tracing", False)
        account_id = aws.get_caller_identity_output(opts=invoke).account_id
        partition = aws.get_partition_output(opts=invoke).partition
        nobody: OnPremisesServersArgs = {"count": 0}
        servers = args.get("on_premises_servers", nobody)
        database, files, zone = args.get("database"), args.get("files"), _zone(args)
        clients: dict[str, pulumi.Input[str]] = {
            "vpc": args["vpc_cidr_block"],
            **{cidr_key(cidr): cidr for cidr in args["on_premises_cidrs"]},
        }
        cluster = Cluster(
            f"{name}-cluster",
            {
                "region": region,
                "tags": tags,
                "account_id": account_id,
                "partition": partition,
                "log_group_prefix": f"{name}-",
                "log_retention_days": log_retention_days,
                "protected": protected,
            },
            child,
        )
        registry = Registry(
            f"{name}-registry",
            {
                "region": region,
                "tags": tags,
                "account_id": account_id,
                "partition": partition,
                "key_arn": cluster.key_arn,
                "repositories": args.get("repositories", ()),
                "repositories_exist": args.get("repositories_exist", False),
                "copies_region": args.get("image_copies_region"),
                "pull_through_cache": args.get("pull_through_cache"),
                "protected": protected,
            },
            child,
        )
        balancer = LoadBalancer(
            f"{name}-apps",
            {
                "region": region,
                "tags": tags,
                "account_id": account_id,
                "vpc_id": args["vpc_id"],
                "subnet_ids": args["private_subnet_ids"],
                "client_cidrs": clients,
                "certificate_arn": args.get("certificate_arn"),
                "more_certificate_arns": args.get("more_certificate_arns", ()),
                "idle_seconds": args.get("idle_seconds"),
                "zone": zone,
                "access_log_retention_days": args.get("access_log_retention_days", 90),
                "protected": protected,
            },
            child,
        )
        firewall = Firewall(
            f"{name}-firewall",
            {
                "region": region,
                "tags": tags,
                "vpc_id": args["vpc_id"],
                "client_cidrs": clients,
                "ssh_cidrs": args.get("ssh_cidrs", ()),
                "client_vpn_security_group_id": args.get("client_vpn_security_group_id"),
                "load_balancer_security_group_id": balancer.security_group_id,
                "ports": fixed_ports(args["workloads"]),
                "server_networks": networks_of(servers.get("addresses", ())),
                "server_ports": server_ports(args["workloads"]),
                "database": database,
                "efs_security_group_id": files.get("efs_security_group_id") if files else None,
            },
            child,
        )
        capacity = Capacity(
            f"{name}-hosts",
            {
                "region": region,
                "tags": tags,
                "partition": partition,
                "cluster_name": cluster.name,
                "cluster_arn": cluster.arn,
                "security_group_id": firewall.security_group_id,
                "subnet_ids": args["private_subnet_ids"],
                "instance_type": args["instance_type"],
                "min_instances": args["min_instances"],
                "max_instances": args["max_instances"],
                "ami_id": args.get("ami_id"),
                "ami_release": args.get("ami_release"),
                "key_name": args.get("key_name"),
                "root_volume_gib": args.get("root_volume_gib", 50),
                "target_capacity_percent": args.get("target_capacity_percent", 90),
                "patch_group": args.get("patch_group"),
                "files": files,
                "needed": [firewall],
            },
            child,
        )
        anywhere = Anywhere(
            f"{name}-on-premises",
            {
                "region": region,
                "tags": tags,
                "account_id": account_id,
                "partition": partition,
                "cluster_name": cluster.name,
                "cluster_arn": cluster.arn,
                "servers": servers,
                "patch_group": args.get("patch_group"),
            },
            child,
        )
        scheduled = any("schedule" in workload for workload in args["workloads"])
        schedules = schedule_group(f"{name}-jobs", region, tags, child) if scheduled else None
        platform: PlatformArgs = {
            "name": name,
            "region": region,
            "tags": tags,
            "partition": partition,
            "vpc_id": args["vpc_id"],
            "cluster_name": cluster.name,
            "cluster_arn": cluster.arn,
            "capacity_provider_name": capacity.provider_name,
            "key_arn": cluster.key_arn,
            "task_trust": task_trust(region, partition, account_id),
            "task_policy": task_policy(cluster.log_group_arn, cluster.key_arn, tracing=tracing),
            "log_retention_days": log_retention_days,
            "protected": protected,
            "tracing": tracing,
            "wait_for_steady_state": args.get("wait_for_steady_state") or None,
            "load_balancer": {
                "listener_arn": balancer.listener_arn,
                "arn_suffix": balancer.arn_suffix,
                "dns_name": balancer.dns_name,
                "zone_id": balancer.zone_id,
            },
            "zone": zone,
            "database": database,
            "shared_path": files["mount_path"] if files else None,
            "repositories": registry.repository_sources,
            "cache": registry.cache_source,
            "docker_hub_credentials_arn": args.get("docker_hub_credentials_arn"),
            "registries": args.get("registries", {}),
            "schedule_group_name": schedules.name if schedules else None,
            "schedule_trust": pulumi.Output.all(partition, account_id, schedules.name).apply(
                lambda known: json.dumps(policies.trust_schedules(known[0], known[1], region, known[2]))
            )
            if schedules
            else "",
            "server_addresses": servers.get("addresses", ()),
            "secret_key_arns": args.get("secret_key_arns", ()),
        }
        workloads = {
            workload["name"]: Workload(f"{name}-{workload['name']}", {"workload": workload, "platform": platform}, child)
            for workload in args["workloads"]
        }

        self.cluster_name = cluster.name
        self.cluster_arn = cluster.arn
        self.kms_key_arn = cluster.key_arn
        self.log_group_name = cluster.log_group_name
        self.auto_scaling_group_name = capacity.auto_scaling_group_name
        self.capacity_provider_name = capacity.provider_name
        self.instance_security_group_id = firewall.security_group_id
        self.instance_role_name = capacity.role_name
        self.load_balancer_arn = balancer.arn
        self.load_balancer_arn_suffix = balancer.arn_suffix
        self.load_balancer_dns_name = balancer.dns_name
        # The same twice, one by one and as outputs: an alarm that took its workload out of an output would wait for all.
        self.target_groups = _by_side(workloads, "target_group_arn_suffix", "on_premises_target_group_arn_suffix")
        self.services = _by_side(workloads, "aws_service_name", "on_premises_service_name")
        self.target_group_arn_suffixes = gathered(self.target_groups)
        self.service_names = gathered(self.services)
        # What is scheduled, for whoever watches it; one by one, for the same reason.
        self.schedule_group_name = schedules.name if schedules else None
        self.jobs = {key: made for key, made in workloads.items() if made.job_command is not None}
        self.job_commands = gathered({key: made.job_command for key, made in workloads.items() if made.job_command is not None})
        self.repository_urls = registry.repository_urls
        self.on_premises_role_name = anywhere.role_name
        self.activation_id = anywhere.activation_id
        self.activation_code = anywhere.activation_code
        self.join_command = anywhere.join_command
        self.register_outputs({key: getattr(self, key) for key in OUTPUTS})


OUTPUTS = tuple(ContainerPlatform.__annotations__)


def _zone(args: ContainerPlatformArgs) -> ZoneArgs | None:
    zone_id, zone_name = args.get("private_zone_id"), args.get("private_zone_name")
    if zone_id is None or zone_name is None:
        return None
    routing = {} if "names" not in args else weighted(args["names"]) if args["names"] else None
    return {"id": zone_id, "name": zone_name, "routing": routing}


def _by_side(workloads: Mapping[str, Workload], here: str, there: str) -> dict[str, pulumi.Output[str]]:
    """What workloads have on AWS by their names, and what they have on-premises by `<workload>-on-premises`."""
    found = {}
    for workload, made in workloads.items():
        for name, value in ((workload, getattr(made, here)), (f"{workload}{ON_PREMISES}", getattr(made, there))):
            if value is not None:
                found[name] = value
    return found
