"""What ContainerPlatform takes: the sections `containers` and `workloads` of the settings, and what other components give."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, NotRequired, TypedDict

import pulumi

from components.arguments import Default, arguments
from components.names import NamesArgs


@arguments
class PullThroughCacheArgs(TypedDict):
    """Docker Hub's images through a cache in the account's own registry."""

    enabled: NotRequired[Annotated[bool, Default(False)]]
    """Whether images of Docker Hub are pulled through the cache. Default False."""
    username: NotRequired[str]
    """Docker Hub user of the cache. Needed once enabled."""
    access_token: NotRequired[pulumi.Input[str]]
    """Docker Hub access token of that user; a secret. Needed once enabled."""


@arguments
class OnPremisesServersArgs(TypedDict):
    """The activation by which on-premises servers join the cluster."""

    count: NotRequired[Annotated[int, Default(0)]]
    """Servers that may join, 0 to 1,000. 0: no activation. Default 0."""
    expires: NotRequired[str]
    """UTC time, RFC 3339, until which they may join. Default: 24 hours after the activation is made."""
    addresses: NotRequired[Sequence[str]]
    """Addresses of servers, to which the load balancer may send requests. Default: to none."""


@arguments
class PortArgs(TypedDict):
    """A port that a container listens on."""

    container_port: int
    """Port within the container."""
    host_port: NotRequired[int]
    """Fixed port of the server. Default 0: any free one."""
    protocol: NotRequired[Literal["tcp", "udp"]]
    """Transport protocol. Default tcp."""


@arguments
class FileMountArgs(TypedDict):
    """Files of the server that a container sees."""

    path: str
    """Where the container sees them."""
    source: NotRequired[Literal["shared", "efs"]]
    """The files of the bucket, or EFS, which exists on AWS only. Default shared."""
    sub_path: NotRequired[str]
    """Folder within the source. Default: all of it."""
    read_only: NotRequired[bool]
    """Whether the container may only read. Default True."""


@arguments
class HealthCheckArgs(TypedDict):
    """How one knows that a copy works."""

    command: NotRequired[Sequence[str]]
    """Run in the container, as ECS takes it: `CMD-SHELL` and a text for its shell, or `CMD` and a command. Default:
    no such check."""
    path: NotRequired[str]
    """Asked for by the load balancer. Default `/`."""
    codes: NotRequired[str]
    """HTTP codes of a healthy answer. Default 200-399."""
    interval_seconds: NotRequired[int]
    """Seconds between two checks. Default 30."""
    timeout_seconds: NotRequired[int]
    """Seconds until a check has failed. Default 5."""
    retries: NotRequired[int]
    """Failed checks in a row after which a copy is replaced. Default 3."""
    start_seconds: NotRequired[int]
    """Seconds in which failed checks of a new copy do not count. Default 60."""


@arguments
class RouteArgs(TypedDict):
    """What the load balancer sends to the copies."""

    hosts: NotRequired[Sequence[str]]
    """Hosts, next to the workload's own name in the private zone."""
    paths: NotRequired[Sequence[str]]
    """Paths. Default: every path."""
    port: NotRequired[int]
    """Container port that answers in HTTP. Default: the first TCP port."""
    priority: NotRequired[int]
    """Place among the rules. Default: derived from the name."""
    sticky_seconds: NotRequired[int]
    """Seconds for which a client is sent to the same copy. Default: not at all."""
    deregistration_seconds: NotRequired[int]
    """Seconds that a copy about to stop has to finish its requests. Default 30."""
    on_premises_percent: NotRequired[int]
    """With placement both: requests of a hundred that go to the copies on-premises. 0: none, but they stand by. Default:
    they are not behind the load balancer."""


@arguments
class ScalingArgs(TypedDict):
    """How many copies run on AWS, by load."""

    min_replicas: int
    """Copies that always run. May be 0."""
    max_replicas: int
    """Copies that run at most. 0: none, and the service stays at 0 until it is raised along with `min_replicas`."""
    cpu_percent: NotRequired[int]
    """CPU in use to keep, in percent of what is reserved."""
    memory_percent: NotRequired[int]
    """Memory in use to keep, in percent."""
    requests_per_replica: NotRequired[int]
    """Requests a minute that one copy takes; needs a route."""
    scale_out_seconds: NotRequired[int]
    """Seconds to wait after adding copies. Default 60."""
    scale_in_seconds: NotRequired[int]
    """Seconds to wait after removing copies. Default 300."""


@arguments
class ScheduleArgs(TypedDict):
    """When a job runs."""

    expression: str
    """Cron or rate, as EventBridge Scheduler takes it: `cron(0 3 * * ? *)`."""
    time_zone: NotRequired[str]
    """IANA name of the zone in which it is read. Default Etc/UTC."""
    enabled: NotRequired[bool]
    """Whether it starts anything. Default True."""


@arguments
class UlimitArgs(TypedDict):
    """A limit of a container's processes."""

    soft: int
    """What they get."""
    hard: int
    """What they may raise it to."""


@arguments
class CapabilitiesArgs(TypedDict):
    """Capabilities of Linux, without `CAP_`."""

    add: NotRequired[Sequence[str]]
    """Those that it gets beside Docker's. Default: none."""
    drop: NotRequired[Sequence[str]]
    """Those that it loses; `ALL` for all. Default: none."""


@arguments
class VolumeArgs(TypedDict):
    """A place for what a container writes, on its server alone."""

    name: str
    """What it is called within the definition, and by Docker."""
    path: str
    """Where the container sees it."""
    host_path: NotRequired[str]
    """Folder of the server. Default: a volume that Docker keeps under the name."""
    read_only: NotRequired[bool]
    """Whether the container may only read. Default False."""


@arguments
class SidecarArgs(TypedDict):
    """A container beside that of a workload."""

    name: str
    """What it is called, and how the workload's container reaches it."""
    image: str
    """Image with a tag or digest, as for a workload."""
    until: NotRequired[Literal["START", "HEALTHY", "SUCCESS"]]
    """What the workload's container waits for: that it has started, is healthy, or has ended well. Default START."""
    command: NotRequired[Sequence[str]]
    """Command and arguments in place of the image's own."""
    cpu: NotRequired[int]
    """CPU units reserved for it. Default 64."""
    memory: NotRequired[int]
    """MiB of memory. Default 128."""
    environment: NotRequired[Mapping[str, str]]
    """Environment variables. Default: none."""
    secrets: NotRequired[Mapping[str, str]]
    """Environment variables from secrets, as for a workload."""
    health_check: NotRequired[HealthCheckArgs]
    """How one knows that it works; needed for HEALTHY."""


@arguments
class WorkloadArgs(TypedDict):
    """One container that runs in a number of copies, on AWS, on-premises or both."""

    name: str
    """What it is called; at most 20 characters."""
    kind: NotRequired[Literal["daemon", "job"]]
    """daemon: one copy on every host of its side. job: what runs to its end. Default: a service, whose copies always run."""
    schedule: NotRequired[ScheduleArgs]
    """When a job runs. Default: when somebody starts it."""
    image: str
    """Image with a tag or digest; `ecr:name:tag` for a repository of this platform."""
    command: NotRequired[Sequence[str]]
    """Command and arguments in place of the image's own."""
    entry_point: NotRequired[Sequence[str]]
    """Program and arguments in place of the image's own entry point."""
    user: NotRequired[str]
    """User and group it runs as: `1000:1000`, `app`. Default: the image's."""
    working_directory: NotRequired[str]
    """Folder it starts in. Default: the image's."""
    stop_seconds: NotRequired[int]
    """Seconds from SIGTERM to SIGKILL, 2 to 120. Default 30."""
    memory_reservation: NotRequired[int]
    """MiB that are kept for each copy, below `memory`, which is then its most. Default: `memory`."""
    shared_memory_mib: NotRequired[int]
    """MiB of /dev/shm. Default 64."""
    read_only_root: NotRequired[bool]
    """Whether its root is read-only; ECS Exec, which writes there, is then off. Default False."""
    ulimits: NotRequired[Mapping[str, UlimitArgs]]
    """Limits of its processes, by name: `nofile`. Default: the server's."""
    extra_hosts: NotRequired[Mapping[str, str]]
    """Entries of /etc/hosts: name to address. Default: none."""
    capabilities: NotRequired[CapabilitiesArgs]
    """Capabilities of Linux that it gets or loses. Default: Docker's."""
    volumes: NotRequired[Sequence[VolumeArgs]]
    """Folders of the server, and volumes that it keeps under a name. Default: none."""
    ports: NotRequired[Sequence[PortArgs]]
    """Ports that the container listens on. Default: none."""
    cpu: NotRequired[int]
    """CPU units reserved for each copy. Default 256."""
    memory: NotRequired[int]
    """MiB of memory for each copy. Default 512."""
    environment: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Environment variables. Default: none."""
    secrets: NotRequired[Mapping[str, str]]
    """Environment variables from `database:key`, or the ARN of a Secrets Manager secret or Systems Manager parameter."""
    files: NotRequired[Sequence[FileMountArgs]]
    """Files of the server that the container sees. Default: none."""
    health_check: NotRequired[HealthCheckArgs]
    """How one knows that a copy works."""
    placement: NotRequired[Literal["aws", "onPremises", "both"]]
    """Where it runs. Default aws."""
    network_mode: NotRequired[Literal["bridge"]]
    """Docker's bridge, the mode that ECS has on both sides."""
    route: NotRequired[RouteArgs]
    """What the load balancer sends to the copies. Default: nothing."""
    replicas: NotRequired[int]
    """Copies on each side; with scaling, on AWS only the number to begin with. 0: a service without tasks. Default 1."""
    on_premises_healthy_percent: NotRequired[int]
    """Copies on-premises that a deployment keeps up: 0, 50, or 100, which wants servers to spare. Default: 50 with several."""
    spread: NotRequired[bool]
    """Whether no two copies on-premises share a server. Default False."""
    servers: NotRequired[Sequence[str]]
    """Which servers on-premises it may run on, in ECS's query language. Default: any."""
    on_premises_replicas: NotRequired[int]
    """Copies on-premises; may be 0. Default: as many as `replicas`."""
    scaling: NotRequired[ScalingArgs]
    """Scaling of the copies on AWS. Default: none."""
    policy_arns: NotRequired[Sequence[str]]
    """IAM policies of the container itself. Default: none."""
    sidecars: NotRequired[Sequence[SidecarArgs]]
    """Containers beside it, in each copy. Default: none."""
    deployment_errors: NotRequired[int]
    """5XX answers a minute of the copies on AWS that stop a deployment, which then goes back; needs a route. Default: only
    copies that do not start, or fail their health checks, stop it."""


@arguments
class DatabaseAccessArgs(TypedDict):
    """The database, as workloads reach it."""

    secret_arn: pulumi.Input[str]
    """Its Secrets Manager secret: a JSON object with username, password, host, port, dbname and engine."""
    user_secret_arns: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Secrets of the same form of workloads that have a user of their own, by workload; all others read `secret_arn`."""
    kms_key_arn: pulumi.Input[str]
    """The key that encrypts the secrets."""
    security_group_id: pulumi.Input[str]
    """Its security group, which is opened to the hosts."""
    port: pulumi.Input[int]
    """The port to open."""


@arguments
class FilesArgs(TypedDict):
    """The files that hosts mount and containers see."""

    bucket_name: pulumi.Input[str]
    """The bucket."""
    access_policy_arn: pulumi.Input[str]
    """Managed policy that lets a host use the bucket."""
    mount_path: str
    """Where hosts on both sides mount it."""
    prefix: NotRequired[str]
    """Part of the bucket that is mounted, ending in a slash: what the share on-premises shows. Default: all of it."""
    aws_writes: NotRequired[bool]
    """Whether hosts in AWS may write. Default False."""
    efs_file_system_id: NotRequired[pulumi.Input[str] | None]
    """The EFS file system. Left out, or None: there is none. So are the other two."""
    efs_access_point_id: NotRequired[pulumi.Input[str] | None]
    """The access point through which hosts mount it."""
    efs_security_group_id: NotRequired[pulumi.Input[str] | None]
    """The security group of its mount targets, which is opened to the hosts."""


@arguments
class ContainerPlatformArgs(TypedDict):
    """Everything ContainerPlatform needs."""

    region: str
    """Region of every regional resource."""
    tags: NotRequired[Annotated[Mapping[str, str], Default({})]]
    """Tags of every taggable resource, next to `Name`. Default none."""
    protected: NotRequired[Annotated[bool, Default(True)]]
    """Whether a destroy of key, repositories, access logs and load balancer is refused. Default True."""
    patch_group: NotRequired[str]
    """Value of the tag `PatchGroup` that hosts on both sides carry. Default: no such tag."""

    # From the section `containers`
    instance_type: NotRequired[Annotated[str, Default("m6i.xlarge")]]
    """EC2 instance type of the hosts. Default m6i.xlarge."""
    min_instances: NotRequired[Annotated[int, Default(3)]]
    """Hosts that always run. May be 0. Default 3."""
    max_instances: NotRequired[Annotated[int, Default(12)]]
    """Hosts that run at most. 0: everything is there but no host starts, whatever the workloads ask for. Default 12."""
    ami_id: NotRequired[str]
    """Own image of the hosts. Default: AWS's ECS-optimized Amazon Linux 2023, by `ami_release`."""
    ami_release: NotRequired[str]
    """Release of AWS's image: `2023.0.20260820`, or newest. Default: the newest when the hosts are first made, and that from
    then on."""
    key_name: NotRequired[str]
    """EC2 key pair for ssh. Default: none."""
    root_volume_gib: NotRequired[int]
    """GiB of each host's volume. Default 50."""
    target_capacity_percent: NotRequired[int]
    """How full managed scaling keeps the hosts. Default 90."""
    certificate_arn: NotRequired[pulumi.Input[str]]
    """ACM certificate of the load balancer. Default: HTTP."""
    more_certificate_arns: NotRequired[Sequence[str]]
    """Further certificates, each for the hosts that it names. Default: none."""
    idle_seconds: NotRequired[int]
    """Seconds without a byte after which the load balancer gives up a request. Default 60."""
    repositories: NotRequired[Sequence[str]]
    """Names of Amazon ECR repositories. Default: none."""
    repositories_exist: NotRequired[bool]
    """Whether these repositories are in the region already, as the copies that a platform of another region makes of its own.
    Default False: they are made here."""
    image_copies_region: NotRequired[str | None]
    """Another region, in which a copy of each repository is made and gets every image pushed from then on. It belongs to the
    account's registry of this region as a whole, so that only one platform may have it. Default: no copies."""
    pull_through_cache: NotRequired[PullThroughCacheArgs]
    """The cache of Docker Hub. Default: none."""
    docker_hub_credentials_arn: NotRequired[str]
    """Secret with `username` and `password` for Docker Hub. Default: anonymous."""
    registries: NotRequired[Mapping[str, str]]
    """Other registries, by host, to a secret with `username` and `password` for each. Default: they are asked anonymously."""
    secret_key_arns: NotRequired[Sequence[str]]
    """KMS keys of the secrets and parameters that workloads name by ARN. Default: AWS's own."""
    on_premises_servers: NotRequired[OnPremisesServersArgs]
    """How many on-premises servers may join. Default: none."""
    wait_for_steady_state: NotRequired[bool]
    """Whether an update waits until each service is steady, and fails with a deployment that fails. Default False."""
    tracing: NotRequired[bool]
    """Whether each task has a collector that sends traces to X-Ray. Default False."""
    log_retention_days: NotRequired[int]
    """Days for which logs are kept. Default 30."""
    access_log_retention_days: NotRequired[int]
    """Days for which the load balancer's access logs are kept. Default 90."""

    # From the section `workloads`
    workloads: NotRequired[Annotated[Sequence[WorkloadArgs], Default([])]]
    """What runs. Default none."""

    # From Network
    vpc_id: pulumi.Input[str]
    """The VPC."""
    vpc_cidr_block: pulumi.Input[str]
    """Its CIDR."""
    private_subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Subnets of the hosts and the load balancer, at least two."""
    on_premises_cidrs: Sequence[str]
    """Networks of the data centre, and of other VPCs behind the hub: the load balancer and fixed ports admit them."""
    ssh_cidrs: NotRequired[Sequence[str]]
    """Networks of the data centre that may ssh to the hosts. Default: none."""
    client_vpn_security_group_id: NotRequired[pulumi.Input[str] | None]
    """The group that Client VPN users act in, who may ssh to the hosts too. Default: they may not."""
    private_zone_id: NotRequired[pulumi.Input[str] | None]
    """The private hosted zone, for the names of load balancer and workloads. Default: none."""
    private_zone_name: NotRequired[str | None]
    """Its name. Needed with `private_zone_id`; it decides which hosts a route has."""
    names: NotRequired[NamesArgs | None]
    """How the names in that zone are shared with another region. Default: they are this platform's alone. None: they do not
    lead here, and no record is made."""

    # From Database and HybridStorage
    database: NotRequired[DatabaseAccessArgs | None]
    """The database. Default: none, and no workload may read its secret."""
    files: NotRequired[FilesArgs | None]
    """The files. Default: none, and no workload may mount them."""
