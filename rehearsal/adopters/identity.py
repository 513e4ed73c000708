"""Certificates, directories and identity providers that a stack file names: somebody made them before."""

from moto.acm.models import CertBundle
from moto.iam.models import SAMLProvider

from rehearsal.emulator import ACCOUNT, Emulator
from rehearsal.extend import backend
from rehearsal.outside import adopted


@adopted(r"arn:aws:acm:[a-z0-9-]+:[0-9]{12}:certificate/[0-9a-f-]{36}")
def certificate(aws: Emulator, arn: str, region: str) -> None:
    """A certificate is issued, in the region that its ARN names."""
    own = arn.split(":")[3]
    bundle = CertBundle.generate_cert("adopted.example", ACCOUNT, own)
    bundle.arn = arn
    backend("acm", ACCOUNT, own)._certificates[arn] = bundle


@adopted(r"d-[0-9a-f]{10}")
def directory(aws: Emulator, identifier: str, region: str) -> None:
    """A directory is active, in the account's default VPC."""
    subnets = aws.call("ec2", "DescribeSubnets", {}, region=region)["Subnets"][:2]
    settings = {"VpcId": subnets[0]["VpcId"], "SubnetIds": [subnet["SubnetId"] for subnet in subnets]}
    request = {"Name": "adopted.example", "Password": "Adopted1", "Edition": "Standard", "VpcSettings": settings}
    made = aws.call("ds", "CreateMicrosoftAD", request, region=region, seed=identifier)["DirectoryId"]
    directories = backend("ds", ACCOUNT, region).directories
    directories[identifier] = directories.pop(made)
    directories[identifier].directory_id = identifier


@adopted(r"arn:aws:iam::[0-9]{12}:saml-provider/.+")
def saml_provider(aws: Emulator, arn: str, region: str) -> None:
    """An identity provider is trusted."""
    name = arn.rsplit("/", 1)[-1]
    backend("iam", ACCOUNT, region).saml_providers[name] = SAMLProvider(arn.split(":")[4], region, name)
