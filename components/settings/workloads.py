"""`workloads`: the containers that run, each on AWS, on-premises or both, from one definition."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from components import collector, images
from components.names import ON_PREMISES
from components.settings.addresses import Ipv4
from components.settings.base import Mistake, Section
from components.settings.containers import PARTITION
from components.settings.errors import NOT_SET
from components.settings.workload_parts import (
    AbsolutePath,
    Acceptance,
    Capabilities,
    FileMount,
    HealthCheck,
    JobSchedule,
    Port,
    Route,
    Scaling,
    Ulimit,
    UlimitName,
    Volume,
    written,
)

Placement = Literal["aws", "onPremises", "both"]

RESERVED_NAMES = ("apps", "database", collector.NAME)
"""Names that the private zone gives to the load balancer and the database, and the one of the container beside each."""
Name = Annotated[str, StringConstraints(pattern=r"^[a-z]([a-z0-9-]*[a-z0-9])?$", max_length=20)]
VariableName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_.-]*$", max_length=255)]
"""As Docker and ECS take them: `spring.datasource.url` is one."""
SecretSource = Annotated[
    str,
    StringConstraints(
        pattern=(
            r"^(database:(username|password|host|port|dbname|engine)"
            rf"|arn:{PARTITION}:secretsmanager:[a-z0-9-]+:[0-9]{{12}}:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{{6}}(:[^:]*:[^:]*:[^:]*)?"
            rf"|arn:{PARTITION}:ssm:[a-z0-9-]+:[0-9]{{12}}:parameter/[A-Za-z0-9_.,/-]+)$"
        ),
        max_length=2048,
    ),
]
HostName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$")]
PolicyArn = Annotated[str, StringConstraints(pattern=rf"^arn:{PARTITION}:iam::([0-9]{{12}}|aws):policy/[A-Za-z0-9+=,.@/_-]+$")]


def _port(value: object) -> object:
    return {"containerPort": value} if isinstance(value, int) and not isinstance(value, bool) else value


PortOrNumber = Annotated[Port, BeforeValidator(_port, json_schema_input_type=Port | Annotated[int, Field(ge=1, le=65_535)])]


def _reason(value: object) -> object:
    # A reason alone is told what it lacks.
    return {"reason": value} if isinstance(value, str) else value


AcceptedLoss = Annotated[
    Acceptance,
    BeforeValidator(_reason, json_schema_input_type=Acceptance),
]


JOB = "nobody calls what runs to its end"
OF_SERVICES = {
    "route": "requests go to services",
    "scaling": "services alone scale",
    "replicas": "a job has one copy a run, a daemon one on each host",
    "onPremisesReplicas": "a job has one copy a run, a daemon one on each host",
    "onPremisesHealthyPercent": "it is about the copies of a service",
    "spread": "there are no two copies on one server",
    "acceptDowntime": "the drills ask nothing of it",
}
"""Keys that only services have, and why."""


class Sidecar(Section):
    """A container beside that of a workload, or before it."""

    name: Name
    """What it is called, and how the workload's container reaches it."""
    image: Annotated[str, StringConstraints(pattern=images.IMAGE_PATTERN, max_length=512)]
    """Image with a tag or digest, as of a workload."""
    until: Literal["START", "HEALTHY", "SUCCESS"] = "START"
    """What the workload's container waits for: `START`, that this one has started; `HEALTHY`, that its `healthCheck.command`
    says so; `SUCCESS`, that it has ended well, as what prepares something does."""
    command: Annotated[list[str], Field(min_length=1)] | None = None
    """Command and arguments in place of the image's own. Omitted: the image's."""
    cpu: Annotated[int, Field(ge=2, le=196_608)] = 64
    """CPU units reserved for it."""
    memory: Annotated[int, Field(ge=6, le=25_165_824)] = 128
    """MiB of memory, at which it is stopped."""
    environment: dict[VariableName, str] = {}
    """Environment variables."""
    secrets: dict[VariableName, SecretSource] = {}
    """Environment variables from secrets, as of a workload."""
    health_check: HealthCheck = HealthCheck()
    """How one knows that it works; only `command` and its times count."""

    def mistakes(self) -> Iterator[Mistake]:
        """Nobody but a command says that it is healthy."""
        if self.until == "HEALTHY" and not self.health_check.command:
            yield Mistake("until", self.until, "HEALTHY with a healthCheck.command", "Add the command, or wait for START.")
        if self.health_check.path:
            yield Mistake("healthCheck.path", self.health_check.path, "a command alone", "Give healthCheck.command instead.")


class Workload(Section):
    """One container that runs in a number of copies, on AWS, on-premises or both."""

    name: Name
    """What it is called everywhere: letters, digits and hyphens, at most 20. Its name in the private zone if it has a route."""
    kind: Literal["daemon", "job"] | None = None
    """`daemon`: one copy on every host of its side, as agents want it. `job`: runs to its end, when its schedule says so or
    somebody starts it by the output `jobCommands`. Omitted: a service, whose copies always run."""
    schedule: JobSchedule | None = None
    """When a job runs; with placement both, once on each side. Omitted: when somebody starts it."""
    image: Annotated[str, StringConstraints(pattern=images.IMAGE_PATTERN, max_length=512)]
    """Image with a tag or digest: of Docker Hub (`nginx:1.27`), of any registry by host, or `ecr:name:tag` of one of
    `containers.repositories`."""
    command: Annotated[list[str], Field(min_length=1)] | None = None
    """Command and arguments in place of the image's own. Omitted: the image's."""
    entry_point: Annotated[list[str], Field(min_length=1)] | None = None
    """Program and arguments in place of the image's own entry point. Omitted: the image's."""
    user: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]+(:[A-Za-z0-9_.-]+)?$", max_length=255)] | None = None
    """User, and group after a colon, that it runs as: `1000:1000`, `app`. Omitted: the image's."""
    working_directory: AbsolutePath | None = None
    """Folder that it starts in. Omitted: the image's."""
    stop_seconds: Annotated[int, Field(ge=2, le=120)] | None = None
    """Seconds that it has to end by itself before it is killed. Omitted: 30."""
    ulimits: dict[UlimitName, Ulimit] = {}
    """Limits of its processes: `{nofile: {soft: 65536, hard: 65536}}`. Omitted: the server's."""
    extra_hosts: dict[HostName, Ipv4] = {}
    """Names that it finds in /etc/hosts, with their addresses. Omitted: none."""
    capabilities: Capabilities | None = None
    """Capabilities of Linux that it gets or loses. Omitted: Docker's own."""
    read_only_root: bool = False
    """Whether it cannot write to its root. ECS Exec is then off: its agent writes there."""
    volumes: list[Volume] = []
    """Folders of the server, and volumes that Docker keeps, for what it writes and no other server needs. Omitted: none."""
    ports: list[PortOrNumber] = []
    """Ports that the container listens on: numbers, or mappings for a fixed port or UDP. Omitted: none."""
    cpu: Annotated[int, Field(ge=2, le=196_608)] = 256
    """CPU units reserved for each copy, 1,024 to a vCPU; what others leave may be used on top."""
    memory: Annotated[int, Field(ge=6, le=25_165_824)] = 512
    """MiB of memory for each copy, which is stopped when it takes more."""
    memory_reservation: Annotated[int, Field(ge=6, le=25_165_824)] | None = None
    """MiB that are kept free for each copy, where `memory` is only the most that it may take. Omitted: all of `memory`."""
    shared_memory_mib: Annotated[int, Field(ge=1, le=1_048_576)] | None = Field(default=None, alias="sharedMemoryMiB")
    """MiB of /dev/shm. Omitted: 64."""
    environment: dict[VariableName, str] = {}
    """Environment variables."""
    secrets: dict[VariableName, SecretSource] = {}
    """Environment variables from secrets: `database:password` (or username, host, port, dbname, engine) of the database's
    secret, or the ARN of a Systems Manager parameter or of a Secrets Manager secret, with the six characters that AWS puts
    behind its name (`aws secretsmanager describe-secret --secret-id NAME --query ARN`): by any other no task may read it."""
    files: list[FileMount] = []
    """Files of the server that the container sees. Omitted: none."""
    health_check: HealthCheck = HealthCheck()
    """How one knows that a copy works."""
    placement: Placement = "aws"
    """`aws`: on the EC2 hosts. `onPremises`: on the servers of the data centre. `both`: one service on each side."""
    network_mode: Literal["bridge"] = "bridge"
    """Docker's bridge: ECS Anywhere knows no `awsvpc`, and one definition serves both sides."""
    route: Route | None = None
    """What the internal load balancer sends to the copies; `{}` for `<name>.<network.privateZone>`. With placement both, copies
    on-premises are behind it by `onPremisesPercent`. Omitted: nothing."""
    replicas: Annotated[int, Field(ge=0, le=5000)] = 1
    """Copies on each side. With `scaling`, on AWS only the number to begin with."""
    on_premises_replicas: Annotated[int, Field(ge=0, le=5000)] | None = None
    """Copies on-premises. Omitted: as many as `replicas`."""
    on_premises_healthy_percent: Literal[0, 50, 100] | None = None
    """Copies on-premises that stay up while a new version rolls out: 50, half of them after the other half; 100 where there are
    servers to spare; 0, all stop first. Omitted: 50, with one copy 0."""
    spread: bool = False
    """Whether no two copies on-premises share a server."""
    servers: list[Annotated[str, StringConstraints(pattern=r"^attribute:\S+ .+$", max_length=1000)]] = Field(
        default=[], max_length=10
    )
    """Servers on-premises that it may run on, by what they are called in ECS: `attribute:site == seoul`, an attribute of
    the container instance. Omitted: any."""
    scaling: Scaling | None = None
    """Scaling of the copies on AWS by load. Omitted: `replicas` run."""
    policy_arns: Annotated[list[PolicyArn], Field(max_length=10)] = []
    """IAM policies for what the container itself calls in AWS, on either side. Omitted: none."""

    deployment_errors: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    """5XX answers a minute of the copies on AWS at which a deployment stops and goes back to the version before; needs a route.
    Omitted: only copies that do not start or fail their health checks stop it."""

    sidecars: Annotated[list[Sidecar], Field(min_length=1, max_length=8)] | None = None
    """Containers beside it in each copy, which it reaches by their names, or that end before it begins. Omitted: none."""

    accept_downtime: AcceptedLoss | None = None
    """Why this workload may be down after a single failure, as one that keeps its state in its only copy: the reason, who
    has accepted it, and when. Omitted: from `size` medium on, the drills of a rehearsal refuse it."""

    def as_args(self) -> dict[str, Any]:
        """The workload as component args: what is accepted is for people, and makes nothing."""
        return {key: value for key, value in super().as_args().items() if key != "accept_downtime"}

    @property
    def server_port(self) -> int:
        """The fixed port of servers on-premises that the load balancer sends requests to; 0 if it sends none there."""
        if not self.route or (self.placement != "onPremises" and self.route.on_premises_percent is None):
            return 0
        tcp = {port.container_port: port.host_port for port in self.ports if port.protocol == "tcp"}
        return tcp.get(self.route.port or next(iter(tcp), 0), 0) or 0

    def mistakes(self) -> Iterator[Mistake]:
        """Rules over several fields: above all, what ECS refuses for on-premises servers."""
        yield from self._placement_mistakes()
        yield from self._port_mistakes()
        yield from self._limit_mistakes()
        yield from self._kind_mistakes()
        yield from self._sidecar_mistakes()
        if self.name in RESERVED_NAMES:
            yield Mistake(
                "name",
                self.name,
                f"a name other than {' and '.join(RESERVED_NAMES)}, which the private zone uses",
                "Rename it.",
            )
        if self.name.endswith(ON_PREMISES):
            yield Mistake(
                "name",
                self.name,
                f"a name without {ON_PREMISES} at its end, which tells a workload's service there from the one on AWS",
                "Rename it.",
            )
        for key in sorted(self.environment.keys() & self.secrets.keys()):
            yield Mistake(
                f"secrets.{key}", self.secrets[key], "a variable that is not in environment too", f"Remove one {key}."
            )
        seen: set[str] = set()
        for position, mount in enumerate(self.files):
            if mount.path in seen:
                yield Mistake(f"files[{position}].path", mount.path, "each path once", "Mount it elsewhere.")
            seen.add(mount.path)
        policies = [arn.rsplit("/", 1)[-1] for arn in self.policy_arns]
        for position, policy in enumerate(policies):
            if policy in policies[:position]:
                yield Mistake(
                    f"policyArns[{position}]",
                    self.policy_arns[position],
                    "policies that differ in name, not only in path or account",
                    "Remove one, or rename it.",
                )
        if self.health_check.path and not self.route:
            yield Mistake(
                "healthCheck.path",
                self.health_check.path,
                "a path only with a route: the load balancer asks for it",
                "Add a route, or give healthCheck.command instead.",
            )
        if self.deployment_errors and (not self.route or self.placement == "onPremises"):
            yield Mistake(
                "deploymentErrors",
                self.deployment_errors,
                "a number only with a route to copies on AWS: the load balancer counts the answers",
                "Add a route, or remove it.",
            )
        if self.scaling and self.scaling.requests_per_replica and not self.route:
            yield Mistake(
                "scaling.requestsPerReplica",
                self.scaling.requests_per_replica,
                "a number only with a route: the load balancer counts the requests",
                "Add a route, or scale by cpuPercent or memoryPercent.",
            )
        if self.scaling and not self.scaling.min_replicas <= self.replicas <= self.scaling.max_replicas:
            yield Mistake(
                "replicas",
                self.replicas,
                f"{self.scaling.min_replicas} to {self.scaling.max_replicas}, as scaling says",
                "Begin with a number that scaling would keep.",
            )

    def _placement_mistakes(self) -> Iterator[Mistake]:
        if self.placement == "onPremises" and self.scaling is not None:
            yield Mistake(
                "scaling",
                written(self.scaling),
                "nothing with placement onPremises: ECS does not scale services on-premises",
                "Remove scaling, or place the workload on aws or both.",
            )
        if self.placement != "both" and self.route and self.route.on_premises_percent is not None:
            allowed = f"nothing with placement {self.placement}: there is no other side to share requests with"
            fix = "Remove it, or place the workload on both."
            yield Mistake("route.onPremisesPercent", self.route.on_premises_percent, allowed, fix)
        if self.placement != "aws":
            for position, mount in enumerate(self.files):
                if mount.source == "efs":
                    yield Mistake(
                        f"files[{position}].source",
                        mount.source,
                        f"shared with placement {self.placement}: ECS Anywhere has no EFS",
                        "Take the files from shared, or place the workload on aws.",
                    )
        elif self.on_premises_replicas is not None:
            yield Mistake(
                "onPremisesReplicas",
                self.on_premises_replicas,
                "nothing with placement aws",
                "Remove it, or place the workload on both.",
            )

    def _sidecar_mistakes(self) -> Iterator[Mistake]:
        """ECS tells the containers of a copy apart by name."""
        names = [self.name, collector.NAME]
        for position, sidecar in enumerate(self.sidecars or []):
            if sidecar.name in names:
                allowed = "a name of its own among the workload's containers"
                yield Mistake(f"sidecars[{position}].name", sidecar.name, allowed, "Rename it.")
            names.append(sidecar.name)

    def _kind_mistakes(self) -> Iterator[Mistake]:
        """A service has copies and callers; a job has neither, a daemon's copies follow the hosts."""
        if self.schedule and self.kind != "job":
            yield Mistake("schedule", written(self.schedule), "a schedule only with kind job", "Set kind to job, or remove it.")
        if self.kind is None:
            return
        keys = [*OF_SERVICES, *(["ports"] if self.kind == "job" else [])]
        for key, value in written(self).items():
            if key in keys:
                yield Mistake(key, value, f"nothing with kind {self.kind}: {OF_SERVICES.get(key, JOB)}", f"Remove {key}.")

    def _limit_mistakes(self) -> Iterator[Mistake]:
        """What is kept free is no more than what may be taken; volumes have names and places of their own."""
        if self.memory_reservation and self.memory_reservation >= self.memory:
            allowed = f"less than memory ({self.memory}), which is the most that a copy may take"
            yield Mistake("memoryReservation", self.memory_reservation, allowed, "Lower it, or leave it out.")
        mounts = [mount.path for mount in self.files]
        for position, volume in enumerate(self.volumes):
            if volume.path in mounts:
                yield Mistake(f"volumes[{position}].path", volume.path, "each path once", "Mount it elsewhere.")
            mounts.append(volume.path)
            if volume.name in [other.name for other in self.volumes[:position]]:
                yield Mistake(f"volumes[{position}].name", volume.name, "each name once", "Rename one of the two.")
        if self.placement == "aws":
            for key, value in (
                ("onPremisesHealthyPercent", self.on_premises_healthy_percent),
                ("spread", self.spread),
                ("servers", self.servers),
            ):
                if value:
                    yield Mistake(key, value, "nothing with placement aws", "Remove it, or place the workload on both.")

    def _port_mistakes(self) -> Iterator[Mistake]:
        taken: dict[tuple[str, int, str], int] = {}
        for position, port in enumerate(self.ports):
            for key, number in (("containerPort", port.container_port), ("hostPort", port.host_port)):
                place = (key, number, port.protocol)
                if number and place in taken:
                    yield Mistake(
                        f"ports[{position}].{key}", number, f"each {key} once for {port.protocol}", "Remove the repetition."
                    )
                taken[place] = position
        if self.placement != "aws":
            for position, port in enumerate(self.ports):
                if not port.host_port:
                    allowed = f"a fixed port with placement {self.placement}: nothing else leads to copies on-premises"
                    fix = "Add hostPort, or remove the port if nobody is to call it."
                    yield Mistake(f"ports[{position}].hostPort", NOT_SET, allowed, fix)
        tcp = [port.container_port for port in self.ports if port.protocol == "tcp"]
        if self.route and not tcp:
            yield Mistake(
                "route", written(self.route), "a route only with a TCP port in ports", "Add the port that answers in HTTP."
            )
        elif self.route and self.route.port and self.route.port not in tcp:
            yield Mistake(
                "route.port",
                self.route.port,
                f"a TCP port of ports: {', '.join(map(str, tcp))}",
                "Add it to ports, or name another.",
            )
