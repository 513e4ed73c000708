"""`containers`: the ECS cluster, the EC2 hosts it scales, the on-premises servers that join it, and where images come from."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr, StringConstraints

from components import instance_types
from components.images import CACHE_PREFIX, DOCKER_HUB_HOSTS, PRIVATE_REGISTRY
from components.settings.addresses import Ipv4, contained, repeated
from components.settings.base import Mistake, Section
from components.settings.machines import HostType
from components.settings.on_premises import OnPremises

RetentionDays = Literal[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]
"""The retention that CloudWatch Logs knows."""

PARTITION = r"aws(-cn|-us-gov|-eusc)?"
AmiId = Annotated[str, StringConstraints(pattern=r"^ami-([0-9a-f]{8}|[0-9a-f]{17})$")]
CertificateArn = Annotated[
    str, StringConstraints(pattern=rf"^arn:{PARTITION}:acm:[a-z0-9-]+:[0-9]{{12}}:certificate/[0-9A-Za-z-]+$")
]
SecretArn = Annotated[
    str,
    StringConstraints(
        pattern=rf"^arn:{PARTITION}:secretsmanager:[a-z0-9-]+:[0-9]{{12}}:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{{6}}$"
    ),
]
RegistryHost = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$", max_length=253)]
KEY_ID = r"(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})"
KeyArn = Annotated[str, StringConstraints(pattern=rf"^arn:{PARTITION}:kms:[a-z0-9-]+:[0-9]{{12}}:key/{KEY_ID}$")]
RepositoryName = Annotated[
    str,
    StringConstraints(
        pattern=r"^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$", min_length=2, max_length=256
    ),
]


def _timestamp(value: object) -> object:
    # YAML turns an unquoted timestamp into a datetime by itself.
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", value):
        try:
            datetime.fromisoformat(value)
        except ValueError:
            raise ValueError("a UTC time that exists, such as 2026-03-31T09:00:00Z; correct the date") from None
    return value


class PullThroughCache(Section):
    """Docker Hub's images through a cache in the account's own registry, instead of straight from Docker Hub."""

    enabled: bool = False
    """Whether images of Docker Hub are pulled through the cache. Omitted: straight from Docker Hub, as today."""
    username: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{2,255}$")] | None = None
    """Docker Hub user of the cache; Amazon ECR does not cache Docker Hub anonymously. Needed once enabled."""
    access_token: SecretStr | None = None
    """Docker Hub access token of that user, read-only; a secret. Needed once enabled."""

    def mistakes(self) -> Iterator[Mistake]:
        """Amazon ECR asks Docker Hub only with credentials."""
        if self.enabled and not self.username:
            yield Mistake("username", self.username, "a Docker Hub user, once enabled is true", "Add username and accessToken.")
        if self.enabled and (self.access_token is None or not self.access_token.get_secret_value()):
            yield Mistake(
                "accessToken",
                None,
                "a Docker Hub access token, once enabled is true",
                "Add it with `pulumi config set --secret`.",
            )


class OnPremisesServers(Section):
    """The Systems Manager activation by which on-premises servers join the cluster (ECS Anywhere)."""

    count: Annotated[int, Field(ge=0, le=1000)] = 0
    """Servers that may join by this activation. 0: no activation; servers that joined by an earlier one stay. Changing it makes
    a new activation: set it to 0 once all have joined."""
    expires: (
        Annotated[str, BeforeValidator(_timestamp), StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$")] | None
    ) = Field(default=None, examples=["2026-03-31T09:00:00Z"])
    """UTC time until which servers may join, at most 30 days after the activation is made; one that has joined stays.
    Omitted: AWS lets it expire 24 hours after it was made. Changing it makes a new activation. Once it has passed, set `count`
    to 0: a rehearsal makes everything anew, and AWS takes no time that is past."""
    addresses: list[Ipv4] | None = Field(default=None, min_length=1, max_length=100)
    """Addresses of the servers, within `onPremises.cidrs`: where the load balancer sends requests of workloads whose routes
    lead to copies on-premises, and so does the balancer of the data centre's kit. Omitted: it leads to AWS alone."""

    def mistakes(self) -> Iterator[Mistake]:
        """Each address once."""
        yield from repeated("addresses[{}]", self.addresses or [])


class Containers(Section):
    """The container platform: one ECS cluster over EC2 hosts and on-premises servers."""

    instance_type: HostType
    """EC2 instance type of the hosts. Its architecture, x86 or Graviton, decides which images run. Default by size."""
    min_instances: Annotated[int, Field(ge=1, le=1000)]
    """Hosts that always run. Default by size."""
    max_instances: Annotated[int, Field(ge=1, le=1000)]
    """Hosts that run at most when the tasks need them. Default by size."""
    ami_id: AmiId | None = None
    """Own image of the hosts; it must hold the ECS agent (ecs-init) and take `mount-s3` by dnf, as images made from the
    ECS-optimized Amazon Linux 2023 since 2023.9.20251110 do. Omitted: AWS's own, by `amiRelease`; name a release when you take
    this away."""
    ami_release: Annotated[str, StringConstraints(pattern=r"^(newest|2023\.[0-9]+\.[0-9]{8})$")] | None = Field(
        default=None, examples=["2023.0.20260820", "newest"]
    )
    """Release of AWS's image, as its name has it; a new one replaces the hosts one after another. `newest`: the latest at each
    `pulumi up`, any of which may then replace them. Omitted: the latest when they are first made, and what they have from then
    on."""
    key_name: Annotated[str, StringConstraints(min_length=1, max_length=255)] | None = None
    """Name of an EC2 key pair of the region, for ssh. Omitted: no key; Session Manager still opens a shell."""
    root_volume_gib: Annotated[int, Field(ge=30, le=16_384)] = Field(default=50, alias="rootVolumeGiB")
    """GiB of the encrypted gp3 volume of each host, which also holds images and containers."""
    target_capacity_percent: Annotated[int, Field(ge=1, le=100)] = 90
    """How full managed scaling keeps the hosts, in percent. Below 100 there is room for a new task to start at once."""
    certificate_arn: CertificateArn | None = None
    """ACM certificate of the load balancer, in the stack's region. Omitted: plain HTTP within the private network."""
    more_certificate_arns: list[CertificateArn] | None = Field(default=None, min_length=1, max_length=25)
    """Further certificates of the load balancer, for hosts that the first does not name. Omitted: none."""
    idle_seconds: Annotated[int, Field(ge=1, le=4000)] | None = None
    """Seconds without a byte after which the load balancer gives up a request: more for slow reports. Omitted: 60."""
    repositories: list[RepositoryName] = []
    """Amazon ECR repositories for own images, by name; workloads name them `ecr:name:tag`. Omitted: none."""
    pull_through_cache: PullThroughCache = PullThroughCache()
    """A cache of Docker Hub in the account's own registry. Omitted: images come straight from Docker Hub."""
    docker_hub_credentials_arn: SecretArn | None = None
    """Secrets Manager secret with the keys `username` and `password` of a Docker Hub account, for private images and a higher
    pull limit. Omitted: Docker Hub is asked anonymously. The pull-through cache has credentials of its own."""
    registries: dict[RegistryHost, SecretArn] | None = None
    """Other registries that ask for a user, by host as images name it (`harbor.corp.example`, `ghcr.io`), each with the ARN of
    a Secrets Manager secret with the keys `username` and `password`. Omitted: they are asked anonymously."""
    secret_key_arns: list[KeyArn] = []
    """KMS keys of the secrets and parameters that workloads name by ARN, if AWS's own keys do not encrypt them."""
    on_premises_servers: OnPremisesServers = OnPremisesServers()
    """How many on-premises servers may join the cluster, and until when. Omitted: none may join now."""
    wait_for_steady_state: Literal[True] | None = None
    """`true`: `pulumi up` waits until the copies of each workload run and have passed their checks, and fails with a deployment
    that fails. Omitted: it does not wait; the alarms tell."""
    tracing: bool = False
    """Whether each task gets an OpenTelemetry collector (ADOT) that sends traces to X-Ray, at `http://collector:4318`."""
    log_retention_days: RetentionDays = 30
    """Days for which the logs of workloads and of ECS Exec sessions are kept."""
    access_log_retention_days: Annotated[int, Field(ge=1, le=3653)] = 90
    """Days for which the access logs of the load balancer are kept."""

    def mistakes(self) -> Iterator[Mistake]:
        """Rules over several fields."""
        if self.max_instances < self.min_instances:
            yield Mistake(
                "maxInstances",
                self.max_instances,
                f"minInstances ({self.min_instances}) or more",
                "Raise maxInstances or lower minInstances.",
            )
        named: dict[str, str] = {}
        for position, repository in enumerate(self.repositories):
            other = named.setdefault(repository.replace("/", "-"), repository)
            if repository in self.repositories[:position]:
                yield Mistake(f"repositories[{position}]", repository, "each repository once", "Remove the repetition.")
            elif other != repository:
                yield Mistake(
                    f"repositories[{position}]",
                    repository,
                    f"a name that differs from {other} in more than / and -, which are the same to Pulumi",
                    "Rename one of the two.",
                )
            if repository.split("/", maxsplit=1)[0] == CACHE_PREFIX:
                yield Mistake(
                    f"repositories[{position}]",
                    repository,
                    f"a name outside {CACHE_PREFIX}/, which belongs to the pull-through cache",
                    "Rename the repository.",
                )
        yield from self._image_mistakes()
        yield from repeated("moreCertificateArns[{}]", self.more_certificate_arns or [])
        if self.more_certificate_arns and not self.certificate_arn:
            yield Mistake(
                "moreCertificateArns",
                self.more_certificate_arns,
                "nothing without certificateArn, the certificate of whoever names no host",
                "Add certificateArn, or remove them.",
            )
        for host in self.registries or {}:
            if PRIVATE_REGISTRY.fullmatch(host) or host in DOCKER_HUB_HOSTS:
                yield Mistake(
                    f"registries.{host}",
                    host,
                    "hosts of other registries: Amazon ECR is asked by roles, Docker Hub by dockerHubCredentialsArn",
                    "Remove it.",
                )
        if self.docker_hub_credentials_arn and self.pull_through_cache.enabled:
            yield Mistake(
                "dockerHubCredentialsArn",
                self.docker_hub_credentials_arn,
                "no credentials of its own while the pull-through cache stands between",
                "Remove dockerHubCredentialsArn or disable pullThroughCache.",
            )

    def _image_mistakes(self) -> Iterator[Mistake]:
        """The image fits the hosts, and is said once."""
        if self.ami_id and self.ami_release:
            yield Mistake(
                "amiRelease", self.ami_release, "nothing beside amiId, which is an image already", "Remove one of them."
            )
        if why := instance_types.cannot_host(self.instance_type):
            yield Mistake(
                "instanceType",
                self.instance_type,
                f"a type for Linux containers on plain hosts: {why}",
                "Choose a general one, such as m7i.xlarge.",
            )


def certificates_beside(containers: Containers, region: str) -> Iterator[Mistake]:
    """The same of further certificates."""
    for position, arn in enumerate(containers.more_certificate_arns or []):
        if arn.split(":")[3] != region:
            yield Mistake(
                f"containers.moreCertificateArns[{position}]",
                arn,
                f"the ARN of a certificate in {region}",
                f"Request or import the certificate in {region} and give its ARN.",
            )


def servers_on_premises(containers: Containers, on_premises: OnPremises) -> Iterator[Mistake]:
    """Servers that no route leads to."""
    for position, address in enumerate(containers.on_premises_servers.addresses or []):
        if not contained(address, on_premises.cidrs):
            yield Mistake(
                f"containers.onPremisesServers.addresses[{position}]",
                address,
                f"an address within onPremises.cidrs, {', '.join(on_premises.cidrs)}: others have no route",
                "Correct the address, or add its network to onPremises.cidrs.",
            )


def region_of_certificate(containers: Containers, region: str) -> Iterator[Mistake]:
    """A load balancer takes certificates of its own region only."""
    arn = containers.certificate_arn
    if arn and arn.split(":")[3] != region:
        yield Mistake(
            "containers.certificateArn",
            arn,
            f"the ARN of a certificate in {region}",
            f"Request or import the certificate in {region} and give its ARN.",
        )
