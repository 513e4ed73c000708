"""EC2 capacity: hosts in an auto scaling group that ECS itself scales, drains and protects."""

import base64
import json
from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi
import pulumi_aws as aws

from components import instance_types
from components.container_platform import policies
from components.container_platform.args import FilesArgs
from components.container_platform.host_permissions import grant_to_hosts
from components.container_platform.user_data import Efs, Mount, SharedFiles, efs_mount, shared_files_mount, user_data
from components.inputs import known

AMI_PARAMETERS = {
    "x86_64": "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id",
    "arm64": "/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id",
}
"""Public Systems Manager parameters with AWS's latest image."""
NEWEST = "newest"
"""What asks for AWS's latest image at each update."""
ROOT_DEVICE = "/dev/xvda"
"""The root volume of that image."""
WARMUP_SECONDS = 180
"""A host boots, fetches two packages and joins within this."""
HOSTS_AT_ONCE = 100
"""What managed scaling asks for in one step; the maximum of the group bounds it as well, and a maximum of 0 starts none."""
METRICS: list[pulumi.Input[aws.autoscaling.Metric]] = [
    aws.autoscaling.Metric.GROUP_DESIRED_CAPACITY,
    aws.autoscaling.Metric.GROUP_IN_SERVICE_INSTANCES,
    aws.autoscaling.Metric.GROUP_MAX_SIZE,
    aws.autoscaling.Metric.GROUP_MIN_SIZE,
    aws.autoscaling.Metric.GROUP_PENDING_INSTANCES,
    aws.autoscaling.Metric.GROUP_TERMINATING_INSTANCES,
    aws.autoscaling.Metric.GROUP_TOTAL_INSTANCES,
]
"""What the group tells CloudWatch, free of charge."""


class CapacityArgs(TypedDict):
    """What ContainerPlatform gives to its EC2 hosts."""

    region: str
    """Region of every regional resource."""
    tags: Mapping[str, str]
    """Tags of every taggable resource, and of instances and volumes, next to `Name`."""
    partition: pulumi.Input[str]
    """The AWS partition."""
    cluster_name: pulumi.Input[str]
    """The cluster to join."""
    cluster_arn: pulumi.Input[str]
    """Its ARN."""
    security_group_id: pulumi.Input[str]
    """Security group of the hosts."""
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Private subnets of the hosts."""
    instance_type: str
    """EC2 instance type."""
    min_instances: int
    """Hosts that always run."""
    max_instances: int
    """Hosts that run at most. 0: none, until it is raised."""
    ami_id: str | None
    """Own image. None: AWS's ECS-optimized Amazon Linux 2023."""
    ami_release: str | None
    """Its release, or newest. None: the one that the hosts were first made with."""
    key_name: str | None
    """EC2 key pair, if any."""
    root_volume_gib: int
    """GiB of each host's volume."""
    target_capacity_percent: int
    """How full managed scaling keeps the hosts."""
    patch_group: str | None
    """Value of the tag `PatchGroup`, if it is set."""
    files: FilesArgs | None
    """What the hosts mount, if anything."""
    needed: Sequence[pulumi.Resource]
    """What the hosts need to speak to ECS: there before them, and until they are gone."""


class Capacity(pulumi.ComponentResource):
    """Hosts run in the private subnets, have the files mounted and are the cluster's capacity provider."""

    role_name: pulumi.Output[str]
    """Role of the hosts."""
    auto_scaling_group_name: pulumi.Output[str]
    """The group."""
    provider_name: pulumi.Output[str]
    """The capacity provider, usable by services: what is returned here waits until the cluster knows it."""

    def __init__(self, name: str, args: CapacityArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        if args["max_instances"] < args["min_instances"]:
            raise ValueError(
                f"{name}: max_instances is {args['max_instances']}; allowed: min_instances ({args['min_instances']}) or more; "
                "raise the one or lower the other"
            )
        super().__init__("hybridge:platform:Capacity", name, known(args), opts)
        profile = self._instance_profile(name, args)
        template = self._launch_template(name, args, profile)
        group = self._group(name, args, template)
        provider = aws.ecs.CapacityProvider(
            name,
            auto_scaling_group_provider={
                "auto_scaling_group_arn": group.arn,
                "managed_scaling": {
                    "status": "ENABLED",
                    "target_capacity": args["target_capacity_percent"],
                    "minimum_scaling_step_size": 1,
                    "maximum_scaling_step_size": HOSTS_AT_ONCE,
                    "instance_warmup_period": WARMUP_SECONDS,
                },
                # Hosts about to go lose their tasks first, and none goes that still has some.
                "managed_draining": "ENABLED",
                "managed_termination_protection": "ENABLED",
            },
            region=args["region"],
            tags={**args["tags"], "Name": name},
            opts=pulumi.ResourceOptions(parent=self),
        )
        association = aws.ecs.ClusterCapacityProviders(
            name,
            cluster_name=args["cluster_name"],
            capacity_providers=[provider.name],
            default_capacity_provider_strategies=[{"capacity_provider": provider.name, "weight": 1, "base": 0}],
            region=args["region"],
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.auto_scaling_group_name = group.name
        # From the association, not from the provider: ECS refuses a service whose provider its cluster does not have yet.
        self.provider_name = association.capacity_providers.apply(lambda names: (names or [""])[0])
        self.register_outputs(
            {
                "role_name": self.role_name,
                "auto_scaling_group_name": self.auto_scaling_group_name,
                "provider_name": self.provider_name,
            }
        )

    def _instance_profile(self, name: str, args: CapacityArgs) -> aws.iam.InstanceProfile:
        child, tags = pulumi.ResourceOptions(parent=self), args["tags"]
        role = aws.iam.Role(
            f"{name}-role",
            description="EC2 hosts of the container platform",
            assume_role_policy=json.dumps(policies.trust_ec2()),
            tags={**tags, "Name": f"{name}-role"},
            opts=child,
        )
        permissions = grant_to_hosts(name, role, args["cluster_arn"], args["partition"], self)
        if files := args["files"]:
            attached = aws.iam.RolePolicyAttachment(
                f"{name}-files", role=role.name, policy_arn=files["access_policy_arn"], opts=child
            )
            permissions.append(attached)
        self.role_name = role.name
        return aws.iam.InstanceProfile(
            f"{name}-profile",
            role=role.name,
            tags={**tags, "Name": f"{name}-profile"},
            # So on the way down hosts go before their profile, and this before what it lets them do.
            opts=pulumi.ResourceOptions(parent=self, depends_on=permissions),
        )

    def _launch_template(self, name: str, args: CapacityArgs, profile: aws.iam.InstanceProfile) -> aws.ec2.LaunchTemplate:
        region, tags = args["region"], args["tags"]
        image_id, device = self._image(args)
        architecture = instance_types.architecture(args["instance_type"])
        # A change rolls all hosts. So tags are those of the first day, and so is AWS's image unless its release is named. Hosts
        # of another architecture want another image: a template of their own.
        kept = ["tagSpecifications", *([] if args["ami_id"] or args["ami_release"] else ["imageId"])]
        return aws.ec2.LaunchTemplate(
            f"{name}-template" if architecture == "x86_64" else f"{name}-template-{architecture}",
            description="EC2 hosts of the container platform",
            image_id=image_id,
            instance_type=args["instance_type"],
            key_name=args["key_name"],
            iam_instance_profile={"arn": profile.arn},
            vpc_security_group_ids=[args["security_group_id"]],
            metadata_options={
                "http_endpoint": "enabled",
                "http_tokens": "required",
                # One hop reaches agents on the host, which share its network, but not containers behind Docker's bridge: they
                # would get the role of the host. Tasks have roles of their own, from the ECS agent at 169.254.170.2.
                "http_put_response_hop_limit": 1,
                "instance_metadata_tags": "disabled",
            },
            block_device_mappings=[
                {
                    "device_name": device,
                    "ebs": {
                        # With AWS's key for EBS: another would need a grant for the service-linked role of Auto Scaling.
                        "encrypted": "true",
                        "volume_type": "gp3",
                        "volume_size": args["root_volume_gib"],
                        "delete_on_termination": "true",
                    },
                }
            ],
            # Instances get their tags from the group.
            tag_specifications=[
                {"resource_type": kind, "tags": {**tags, "Name": name}} for kind in ("volume", "network-interface")
            ],
            user_data=self._user_data(args),
            update_default_version=True,
            region=region,
            tags={**tags, "Name": f"{name}-template"},
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=kept),
        )

    def _image(self, args: CapacityArgs) -> tuple[pulumi.Input[str], pulumi.Input[str]]:
        """Image id and root device of the hosts."""
        options = pulumi.InvokeOutputOptions(parent=self)
        if args["ami_id"]:
            image = aws.ec2.get_ami_output(
                filters=[{"name": "image-id", "values": [args["ami_id"]]}], region=args["region"], opts=options
            )
            return args["ami_id"], image.root_device_name
        architecture = instance_types.architecture(args["instance_type"])
        if (release := args["ami_release"]) and release != NEWEST:
            image = aws.ec2.get_ami_output(
                owners=["amazon"],
                filters=[{"name": "name", "values": [f"al2023-ami-ecs-hvm-{release}-kernel-*-{architecture}"]}],
                most_recent=True,
                region=args["region"],
                opts=options,
            )
            return image.id, ROOT_DEVICE
        parameter = AMI_PARAMETERS[architecture]
        found = aws.ssm.get_parameter_output(name=parameter, region=args["region"], opts=options)
        # The value counts as secret because some parameters are; this one is public.
        return found.insecure_value, ROOT_DEVICE

    def _user_data(self, args: CapacityArgs) -> pulumi.Output[str]:
        files = args["files"]
        region = args["region"]
        efs_ids = (files.get("efs_file_system_id"), files.get("efs_access_point_id")) if files else (None, None)

        def render(known: Sequence[str | None]) -> str:
            cluster, bucket, file_system, access_point = known
            mounts: list[Mount] = []
            if files and bucket:
                shared = SharedFiles(bucket, files["mount_path"], files.get("prefix", ""), files.get("aws_writes", False))
                mounts.append(shared_files_mount(shared, region))
            if file_system and access_point:
                mounts.append(efs_mount(Efs(file_system, access_point)))
            return base64.b64encode(user_data(str(cluster), mounts).encode()).decode()

        return pulumi.Output.all(args["cluster_name"], files["bucket_name"] if files else None, *efs_ids).apply(render)

    def _group(self, name: str, args: CapacityArgs, template: aws.ec2.LaunchTemplate) -> aws.autoscaling.Group:
        tags = {**args["tags"], "Name": name}
        if args["patch_group"]:
            tags["PatchGroup"] = args["patch_group"]
        # ECS adds this tag when it takes the group over; unless it is here as well, the next update would remove it.
        tags["AmazonECSManaged"] = "true"
        return aws.autoscaling.Group(
            name,
            min_size=args["min_instances"],
            max_size=args["max_instances"],
            # No desired capacity: managed scaling decides it. Nor any waiting for hosts: one that joins the cluster before the
            # capacity provider is there may never belong to it, so that tasks pass it over and, protected, it stays. The
            # provider is made in seconds, a host takes a minute.
            # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/asg-capacity-providers.html
            wait_for_capacity_timeout="0",
            vpc_zone_identifiers=args["subnet_ids"],
            launch_template={"id": template.id, "version": template.latest_version.apply(str)},
            health_check_type="EC2",
            health_check_grace_period=WARMUP_SECONDS,
            default_instance_warmup=WARMUP_SECONDS,
            # Managed termination protection wants it; ECS lifts it from hosts without tasks.
            protect_from_scale_in=True,
            instance_refresh={
                "strategy": "Rolling",
                "preferences": {
                    # New hosts come before old ones go.
                    "min_healthy_percentage": 100,
                    "max_healthy_percentage": 110,
                    "auto_rollback": True,
                    # Every host is protected; without this the refresh would pass over all of them.
                    "scale_in_protected_instances": "Refresh",
                },
            },
            enabled_metrics=METRICS,
            metrics_granularity="1Minute",
            # Else a destroy waits for ever: nobody lifts the protection of hosts once the capacity provider is gone.
            force_delete=True,
            tags=[{"key": key, "value": value, "propagate_at_launch": True} for key, value in sorted(tags.items())],
            region=args["region"],
            # On the way down above all: an agent that cannot speak to ECS any more stops no task, and a service whose tasks do
            # not stop is never gone.
            opts=pulumi.ResourceOptions(parent=self, depends_on=args["needed"]),
        )
