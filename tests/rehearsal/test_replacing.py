"""What makes a resource anew: by the data, at any depth of a path."""

import pytest

from rehearsal.replacing import forces_replacement, known


@pytest.mark.parametrize(
    ("type_", "path"),
    [
        ("aws:backup/vaultLockConfiguration:VaultLockConfiguration", "minRetentionDays"),
        ("aws:ssm/activation:Activation", "tags.Owner"),
        ("aws:directoryservice/directory:Directory", "connectSettings.customerDnsIps[0]"),
        ("aws:ecs/taskDefinition:TaskDefinition", "volumes[2].hostPath"),
        ("aws:ec2/vpc:Vpc", "region"),
    ],
)
def test_a_change_of_what_the_provider_cannot_change_replaces(type_: str, path: str) -> None:
    assert forces_replacement(type_, path)


@pytest.mark.parametrize(
    ("type_", "path"),
    [
        ("aws:rds/instance:Instance", "instanceClass"),
        ("aws:efs/accessPoint:AccessPoint", "tags.Name"),
        ("aws:iam/role:Role", "region"),
        ("", "region"),
    ],
)
def test_other_changes_are_made_in_place(type_: str, path: str) -> None:
    assert not forces_replacement(type_, path)


def test_a_block_that_appears_replaces_where_something_within_it_does() -> None:
    assert forces_replacement("aws:efs/accessPoint:AccessPoint", "posixUser")


def test_components_are_not_in_the_data() -> None:
    assert not known("hybridge:index:Network")
    assert known("aws:ec2/subnet:Subnet")
