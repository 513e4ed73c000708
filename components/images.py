"""Container images as a stack file names them, and where each is pulled from."""

import re
from dataclasses import dataclass
from typing import Literal

IMAGE_PATTERN = (
    r"^(ecr:)?([a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?/)?[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*"
    r"(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})$"
)
"""An image with a tag, a digest or both; `ecr:` in front of the name of a repository of this deployment.

A tag or digest is asked for, because a deployment that is rolled back goes back to what the last task definition says.
"""
DOCKER_HUB = "docker.io"
DOCKER_HUB_HOSTS = frozenset({DOCKER_HUB, "index.docker.io", "registry-1.docker.io"})
"""By which it is known."""
CACHE_PREFIX = "docker-hub"
"""Namespace in the account's own registry under which Docker Hub's images are cached."""
PRIVATE_REGISTRY = re.compile(r"(?P<account>[0-9]{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?")


@dataclass(frozen=True)
class Image:
    """An image taken apart."""

    origin: Literal["repository", "docker-hub", "ecr", "other"]
    """`repository`: a repository of this deployment. `ecr`: any other private registry of Amazon ECR."""
    registry: str
    """Host of the registry; empty for a repository of this deployment."""
    repository: str
    """Path within the registry, `library/` in front of Docker Hub's official images."""
    version: str
    """`:tag`, `@sha256:...` or both, as written."""
    reference: str
    """The whole image as written."""


def parse(image: str) -> Image:
    """Take an image apart. Raises ValueError for one without a tag or digest, or that no registry would take."""
    if not re.fullmatch(IMAGE_PATTERN, image):
        raise ValueError(f"image {image!r} is not name:tag or name@sha256:digest; name one version of the image")
    own = image.startswith("ecr:")
    rest = image.removeprefix("ecr:")
    version = rest[len(path := re.sub(r"(:[^:/@]+)?(@[^@]+)?$", "", rest)) :]
    if own:
        return Image("repository", "", path, version, image)
    first, slash, remainder = path.partition("/")
    # Docker's own rule: the first part is a host if it could not be the name of a user.
    host = first if slash and ("." in first or ":" in first or first == "localhost") else ""
    if host in {"", *DOCKER_HUB_HOSTS}:
        name = remainder if host else path
        return Image("docker-hub", DOCKER_HUB, name if "/" in name else f"library/{name}", version, image)
    return Image("ecr" if PRIVATE_REGISTRY.fullmatch(host) else "other", host, remainder, version, image)
