import pytest

from components.images import Image, parse

DIGEST = "@sha256:" + "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("nginx:1.27", Image("docker-hub", "docker.io", "library/nginx", ":1.27", "nginx:1.27")),
        ("grafana/grafana:12.1.0", Image("docker-hub", "docker.io", "grafana/grafana", ":12.1.0", "grafana/grafana:12.1.0")),
        ("docker.io/library/nginx:1", Image("docker-hub", "docker.io", "library/nginx", ":1", "docker.io/library/nginx:1")),
        ("docker.io/nginx:1", Image("docker-hub", "docker.io", "library/nginx", ":1", "docker.io/nginx:1")),
        (f"nginx{DIGEST}", Image("docker-hub", "docker.io", "library/nginx", DIGEST, f"nginx{DIGEST}")),
        (f"nginx:1.27{DIGEST}", Image("docker-hub", "docker.io", "library/nginx", f":1.27{DIGEST}", f"nginx:1.27{DIGEST}")),
        ("ecr:team/api:1.0", Image("repository", "", "team/api", ":1.0", "ecr:team/api:1.0")),
        ("quay.io/org/app:2", Image("other", "quay.io", "org/app", ":2", "quay.io/org/app:2")),
        ("registry.corp:5000/app:3", Image("other", "registry.corp:5000", "app", ":3", "registry.corp:5000/app:3")),
        (
            "123456789012.dkr.ecr.eu-west-1.amazonaws.com/a/b:4",
            Image(
                "ecr",
                "123456789012.dkr.ecr.eu-west-1.amazonaws.com",
                "a/b",
                ":4",
                "123456789012.dkr.ecr.eu-west-1.amazonaws.com/a/b:4",
            ),
        ),
    ],
)
def test_an_image_is_taken_apart_as_docker_does(image: str, expected: Image) -> None:
    assert parse(image) == expected


@pytest.mark.parametrize(
    "image", ["nginx", "nginx:", ":1", "Nginx:1", "a//b:1", "nginx@sha256:abc", "nginx:1 ", "https://nginx:1"]
)
def test_an_image_without_a_version_or_of_no_valid_name_is_refused(image: str) -> None:
    with pytest.raises(ValueError, match="name one version of the image"):
        parse(image)
