"""Facts of prod without a deployment: its settings, and outputs as a deployment gives them."""

from functools import cache
from pathlib import Path
from typing import Any

from components.settings import of_config
from onpremises.facts import Facts, Region, facts
from rehearsal.stackfile import read

ROOT = Path(__file__).parent.parent.parent
ACTIVATION = "activation-code-1234"
NAMES = ["aws.corp.example", "ecs.ap-northeast-2.amazonaws.com", "s3.ap-northeast-2.amazonaws.com", "64.10.in-addr.arpa"]


def outputs(routers: list[str], offset: int = 0) -> dict[str, Any]:
    """What `pulumi stack output --show-secrets --json` gives, as far as the kit reads it."""
    tunnels = {
        router: [
            {
                "outsideAddress": f"192.0.2.{offset + 10 * position + number}",
                "insideAddress": f"169.254.{offset + 10 * position + number}.1",
                "routerInsideAddress": f"169.254.{offset + 10 * position + number}.2",
                # A StackReference gives every number as a float.
                "asn": 64512.0,
            }
            for number in (1, 2)
        ]
        for position, router in enumerate(routers)
    }
    return {
        "vpnTunnels": tunnels,
        "vpnPresharedKeySecretArns": {router: f"arn:{router}" for router in routers},
        "resolverForwardedDomains": NAMES,
        "resolverInboundAddresses": ["10.64.0.10", "10.64.64.10"],
        "clusterName": "platform-cluster",
        "filesMountPath": "/mnt/files",
        "bucketName": "storage-files",
        "fileGatewayActivationRequest": 'curl "http://GATEWAY_ADDRESS/?activationRegion=ap-northeast-2"',
        "onPremisesJoinCommand": "bash x --region ap-northeast-2 --cluster platform-cluster --activation-id activation-1 "
        f"--activation-code {ACTIVATION}",
    }


def region(stack: str, **changed: Any) -> Region:
    """A stack of the repository with outputs."""
    file = read(stack, ROOT)
    settings = of_config(file.config, file.region, project=file.project, stack=file.stack)
    names = [router.name for router in settings.on_premises.routers]
    return Region(file.stack, settings, {**outputs(names), **changed})


def secret(arn: str, _: str) -> dict[str, str]:
    """The pre-shared keys of a router."""
    return {"psk1": f"first-key-of-{arn[4:]}", "psk2": f"second-key-of-{arn[4:]}"}


@cache
def of_prod() -> Facts:
    """The facts of prod."""
    return facts([region("prod")], secret)
