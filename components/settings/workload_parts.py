"""What a workload in the settings is made of: its ports, files, health check, route and scaling."""

import datetime
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints

from components import routing
from components.settings.base import Mistake, Section
from components.settings.schedules import Schedule, TimeZone, longest_gap

RESERVED_HOST_PORTS = (22, 2375, 2376, 51678, 51679, 51680)
"""ssh, Docker and the ECS agent: ECS refuses them (RegisterTaskDefinition, hostPort)."""
FIRST_DYNAMIC_PORT = 32_768
"""From here on, hosts give out ports themselves: ECS refuses them as fixed ones."""

HostPattern = Annotated[str, StringConstraints(pattern=routing.HOST_PATTERN, max_length=routing.LONGEST_PATTERN)]
PathPattern = Annotated[str, StringConstraints(pattern=routing.PATH_PATTERN, max_length=routing.LONGEST_PATTERN)]
AbsolutePath = Annotated[str, StringConstraints(pattern=r"^/[A-Za-z0-9._/-]*[A-Za-z0-9._-]$", max_length=255)]
Folder = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*$", max_length=255)]


def _date(text: str) -> str:
    try:
        datetime.date.fromisoformat(text)
    except ValueError as error:
        raise ValueError('a day that there is, as year-month-day in quotes; write it like "2026-03-31"') from error
    return text


Date = Annotated[str, Field(json_schema_extra={"format": "date"}), AfterValidator(_date)]
Codes = Annotated[str, StringConstraints(pattern=r"^[2-4][0-9]{2}(-[2-4][0-9]{2})?(,[2-4][0-9]{2}(-[2-4][0-9]{2})?)*$")]


Capability = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z_]{2,30}$")]
UlimitName = Literal[
    "core",
    "cpu",
    "data",
    "fsize",
    "locks",
    "memlock",
    "msgqueue",
    "nice",
    "nofile",
    "nproc",
    "rss",
    "rtprio",
    "rttime",
    "sigpending",
    "stack",
]
"""What ECS takes: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Ulimit.html"""


def written(section: Section) -> dict[str, Any]:
    """A section as it stands in the stack file."""
    return section.model_dump(by_alias=True, exclude_unset=True)


class Acceptance(Section):
    """A loss that is known and taken, and by whom."""

    reason: Annotated[str, StringConstraints(min_length=10, max_length=500)]
    """Why it may be, for whoever signs the report: a sentence."""
    owner: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    """Who has accepted it: a person or a team that the report names."""
    date: Date
    """The day on which it was accepted, in quotes."""


class Port(Section):
    """A port that the container listens on."""

    container_port: Annotated[int, Field(ge=1, le=65_535)]
    """Port within the container."""
    host_port: Annotated[int, Field(ge=0, lt=FIRST_DYNAMIC_PORT)] = 0
    """Port of the server that leads there: fixed, so one copy a server, and open to the VPC and on-premises. 0: any free one,
    which the load balancer finds and nobody else does. What is placed on-premises is reached by a fixed one only."""
    protocol: Literal["tcp", "udp"] = "tcp"
    """Transport protocol."""

    def mistakes(self) -> Iterator[Mistake]:
        """Ports that the servers need themselves."""
        if self.host_port in RESERVED_HOST_PORTS:
            yield Mistake(
                "hostPort",
                self.host_port,
                f"a port other than {', '.join(map(str, RESERVED_HOST_PORTS))}, which the servers use themselves",
                "Choose another port, or leave hostPort out.",
            )


class FileMount(Section):
    """Files of the server that the container sees."""

    path: AbsolutePath
    """Where the container sees them: an absolute path."""
    source: Literal["shared", "efs"] = "shared"
    """`shared`: the files of the S3 bucket, on-premises those of the S3 File Gateway, mounted on every server at
    `storage.mountPath`. `efs`: the EFS file system; on AWS only."""
    sub_path: Folder | None = None
    """Folder within the source, such as `invoices/2026`; it must be there before a container starts. Omitted: all of it."""
    read_only: bool = True
    """Whether the container may only read. In AWS `shared` takes new files only, written from beginning to end: no appending,
    no renaming, no locks (see `storage.awsWrites`); what needs these writes to `efs`."""

    def mistakes(self) -> Iterator[Mistake]:
        """A folder cannot lead out of the source."""
        if {".", ".."} & set((self.sub_path or "").split("/")):
            yield Mistake(
                "subPath", self.sub_path, "a folder without . or .. in it", "Name the folder from the top of the source."
            )
        if {".", ".."} & set(self.path.split("/")) or "//" in self.path:
            yield Mistake("path", self.path, "an absolute path without //, . or .. in it", "Write the path in full.")


class HealthCheck(Section):
    """How one knows that a copy works."""

    command: Annotated[list[str], Field(min_length=1)] | Annotated[str, StringConstraints(min_length=1)] | None = None
    """Command that the server runs in the container: text for its shell, a list for none; 0 means healthy. Omitted: the
    container is healthy while it runs."""
    path: Annotated[str, StringConstraints(pattern=r"^/[!-~]*$", max_length=1024)] | None = None
    """Path that the load balancer asks for. Omitted, with a route: `/`."""
    codes: Annotated[str, StringConstraints(pattern=r"^[2-4][0-9]{2}(-[2-4][0-9]{2})?(,[2-4][0-9]{2}(-[2-4][0-9]{2})?)*$")] = (
        "200-399"
    )
    """HTTP codes of a healthy answer to the load balancer: codes and ranges, with commas between; 200 to 499."""
    interval_seconds: Annotated[int, Field(ge=5, le=300)] = 30
    """Seconds between two checks, of either kind."""
    timeout_seconds: Annotated[int, Field(ge=2, le=60)] = 5
    """Seconds after which a check without an answer has failed."""
    retries: Annotated[int, Field(ge=2, le=10)] = 3
    """Failed checks in a row after which the copy is replaced."""
    start_seconds: Annotated[int, Field(ge=0, le=300)] = 60
    """Seconds that a new copy has to start, in which failed checks do not count."""

    def as_args(self) -> Any:
        """The check as component args: the command as ECS takes it, for a shell or without one."""
        args = super().as_args()
        if self.command:
            words = ["CMD-SHELL", self.command] if isinstance(self.command, str) else ["CMD", *self.command]
            args["command"] = words
        return args

    def mistakes(self) -> Iterator[Mistake]:
        """The load balancer wants an answer before it asks again."""
        if self.timeout_seconds >= self.interval_seconds:
            yield Mistake(
                "timeoutSeconds",
                self.timeout_seconds,
                f"less than intervalSeconds ({self.interval_seconds})",
                "Lower timeoutSeconds or raise intervalSeconds.",
            )
        for code in self.codes.split(","):
            low, _, high = code.partition("-")
            if high and int(high) < int(low):
                yield Mistake("codes", self.codes, "ranges whose first code is the lower", f"Turn {code} around.")


class Route(Section):
    """What the load balancer sends to the workload's copies."""

    hosts: list[HostPattern] = []
    """Hosts, with `*` and `?` as wildcards, next to `<workload>.<network.privateZone>`. Omitted: only that one, or with paths
    any host."""
    paths: list[PathPattern] = []
    """Paths, with `*` and `?` as wildcards. Omitted: every path."""
    port: Annotated[int, Field(ge=1, le=65_535)] | None = None
    """Container port, one of `ports`, that answers in HTTP. Omitted: the first TCP port."""
    priority: Annotated[int, Field(ge=1, le=routing.HIGHEST_PRIORITY)] | None = None
    """Place among the rules: the lowest that matches takes the request. Omitted: derived from the name; routes with host and
    path come before those with a host, these before those with a path alone. Two workloads may swap theirs in one step."""
    sticky_seconds: Annotated[int, Field(ge=1, le=604_800)] | None = None
    """Seconds for which the load balancer sends a client to the same copy, by a cookie. Omitted: to any copy."""
    deregistration_seconds: Annotated[int, Field(ge=0, le=3600)] = 30
    """Seconds that a copy about to stop has to finish its requests."""
    on_premises_percent: Annotated[int, Field(ge=0, le=100)] | None = None
    """With placement both: so many requests of a hundred go to the copies on-premises, on the servers of
    `containers.onPremisesServers.addresses`. 0: none, but they stand by, until somebody raises it. Omitted: they are not behind
    the load balancer."""

    def mistakes(self) -> Iterator[Mistake]:
        """Each value once."""
        for key, values in (("hosts", self.hosts), ("paths", self.paths)):
            for position, value in enumerate(values):
                if value in values[:position]:
                    yield Mistake(f"{key}[{position}]", value, "each value once", "Remove the repetition.")


class JobSchedule(Section):
    """When a job runs."""

    expression: Schedule
    """Cron or rate expression, as EventBridge Scheduler reads it: `cron(0 3 * * ? *)` is three o'clock each day."""
    time_zone: TimeZone = "Etc/UTC"
    """Zone in which it is read; daylight saving is followed."""
    overdue_hours: Annotated[int, Field(ge=1, le=168)] | None = None
    """An alarm rings when the job has logged nothing for so many hours. Omitted: the longest stretch between two runs and an
    hour, up to a week; a job that runs less often than weekly is watched for failures alone."""

    @property
    def overdue(self) -> int | None:
        """Hours after which a run is missed; None if CloudWatch cannot look back that far."""
        return self.overdue_hours or longest_gap(self.expression)

    def as_args(self) -> dict[str, Any]:
        """When it runs; what is overdue is for the alarms to know."""
        return {"expression": self.expression, "time_zone": self.time_zone}


class Scaling(Section):
    """How many copies run on AWS, by load. On-premises has a fixed number: ECS does not scale it."""

    min_replicas: Annotated[int, Field(ge=1, le=5000)]
    """Copies that always run. One at least: without any there is no load to scale by, so that none would ever start again."""
    max_replicas: Annotated[int, Field(ge=1, le=5000)]
    """Copies that run at most."""
    cpu_percent: Annotated[int, Field(ge=1, le=100)] | None = None
    """CPU in use to keep, in percent of what `cpu` reserves. Omitted: CPU does not count."""
    memory_percent: Annotated[int, Field(ge=1, le=100)] | None = None
    """Memory in use to keep, in percent of `memory`. Omitted: memory does not count."""
    requests_per_replica: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    """Requests a minute that one copy takes, counted by the load balancer. Omitted: requests do not count."""
    scale_out_seconds: Annotated[int, Field(ge=0, le=3600)] = 60
    """Seconds to wait after copies were added before more are."""
    scale_in_seconds: Annotated[int, Field(ge=0, le=3600)] = 300
    """Seconds to wait after copies were removed before more are."""

    def mistakes(self) -> Iterator[Mistake]:
        """A range, and something to go by."""
        if self.max_replicas < self.min_replicas:
            yield Mistake(
                "maxReplicas",
                self.max_replicas,
                f"minReplicas ({self.min_replicas}) or more",
                "Raise maxReplicas or lower minReplicas.",
            )
        if self.cpu_percent is None and self.memory_percent is None and self.requests_per_replica is None:
            yield Mistake(
                "",
                written(self),
                "at least one of cpuPercent, memoryPercent, requestsPerReplica",
                "Say by what to scale, or remove scaling.",
            )


class Ulimit(Section):
    """A limit of a container's processes."""

    soft: Annotated[int, Field(ge=0, le=2_147_483_647)]
    """What they get."""
    hard: Annotated[int, Field(ge=0, le=2_147_483_647)]
    """What they may raise it to."""

    def mistakes(self) -> Iterator[Mistake]:
        """The soft limit lies within the hard one."""
        if self.soft > self.hard:
            yield Mistake("soft", self.soft, f"at most hard ({self.hard})", "Lower soft, or raise hard.")


class Capabilities(Section):
    """Capabilities of Linux, without `CAP_`."""

    add: list[Capability] = []
    """Those that it gets beside Docker's own. Omitted: none."""
    drop: list[Capability] = []
    """Those that it loses, `ALL` for all. Omitted: none."""


class Volume(Section):
    """A place for what a container writes, on its server alone: it does not follow a copy to another server."""

    name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,254}$")]
    """What Docker calls it."""
    path: AbsolutePath
    """Where the container sees it: an absolute path."""
    host_path: AbsolutePath | None = None
    """Folder of the server. Omitted: a volume that Docker keeps under the name until somebody removes it."""
    read_only: bool = False
    """Whether the container may only read."""
