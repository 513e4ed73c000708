"""The emulated account as a whole."""

import pytest

from rehearsal.emulator import Emulator


def test_a_second_account_is_not_opened_beside_the_first() -> None:
    with Emulator(), pytest.raises(RuntimeError, match="close it before"), Emulator():
        pass
    with Emulator() as aws:
        assert aws.call("ec2", "DescribeVpcs", {}, region="eu-west-1")["Vpcs"] != []
