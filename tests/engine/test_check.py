"""A preview by the real engine refuses what no request to AWS would have shown."""

from typing import Any

import pytest
from pulumi.runtime.proto import provider_pb2

from engine.account import Account
from engine.provider import Provider
from rehearsal import wire

KEY = "urn:pulumi:dev::hybridge::aws:kms/key:Key::key"


def failures(**inputs: Any) -> list[str]:
    with Account() as account:
        provider = Provider("aws", "7.51.1", account)
        provider.region = "ap-northeast-2"
        request = provider_pb2.CheckRequest(urn=KEY, news=wire.struct(inputs))
        return [one.reason for one in provider.Check(request, None).failures]


def test_a_deletion_window_that_aws_does_not_know_is_refused_at_the_preview() -> None:
    assert failures(deletionWindowInDays=31) == ["deletionWindowInDays is 31; allowed: a whole number from 7 to 30"]
    assert failures(deletionWindowInDays=30) == []


class Context:
    """What gRPC gives a provider."""

    def abort(self, _: Any, text: str) -> None:
        raise ValueError(text)


def test_a_change_that_the_provider_refuses_at_its_plan_is_refused_at_the_preview() -> None:
    urn = "urn:pulumi:dev::hybridge::aws:ecs/service:Service::web"
    one, other = ({"capacityProviderStrategies": [{"capacityProvider": name}]} for name in ("one", "other"))
    with Account() as account:
        provider = Provider("aws", "7.51.1", account)

        def diff(**more: Any) -> Any:
            request = provider_pb2.DiffRequest(urn=urn, old_inputs=wire.struct(one), news=wire.struct({**other, **more}))
            return provider.Diff(request, Context())

        with pytest.raises(ValueError, match="changes capacityProviderStrategies only with forceNewDeployment: true"):
            diff()
        assert "capacityProviderStrategies" in diff(forceNewDeployment=True).diffs
