"""DMS: account-wide roles that somebody else made, and the tests of connections that people make before a task may start."""

import json

from rehearsal.emulator import ACCOUNT, Emulator, Refused
from rehearsal.extend import backend
from rehearsal.extensions import dms
from rehearsal.monitor import Node
from rehearsal.outside import AFTER, adopted
from rehearsal.stackfile import StackFile

ROLES = {dms.VPC_ROLE: dms.VPC_POLICY, dms.LOGS_ROLE: dms.LOGS_POLICY}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "dms.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


@adopted("adopt")
def account_wide_roles(aws: Emulator, _: str, region: str) -> None:
    """`migration.roles: adopt` says that the account has them."""
    for name, policy in ROLES.items():
        try:
            aws.call("iam", "GetRole", {"RoleName": name}, region=region)
        except Refused:
            aws.call("iam", "CreateRole", {"RoleName": name, "AssumeRolePolicyDocument": json.dumps(TRUST)}, region=region)
            attached = {"RoleName": name, "PolicyArn": f"arn:aws:iam::aws:policy/service-role/{policy}"}
            aws.call("iam", "AttachRolePolicy", attached, region=region)


def connections_tested(_: Emulator, node: Node, __: StackFile) -> None:
    """Between `prepare` and `replicate` somebody tests each endpoint; a rehearsal does both at once."""
    dms.connect(backend("dms", ACCOUNT, node.region))


AFTER["aws:dms/endpoint:Endpoint"] = connections_tested
AFTER["aws:dms/replicationInstance:ReplicationInstance"] = connections_tested
