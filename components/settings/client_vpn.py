"""The section `clientVpn`: the way in for developers and administrators who are somewhere else."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from components.settings.addresses import ClientCidr, overlap, repeated
from components.settings.base import Mistake, Section
from components.settings.network import Network
from components.settings.on_premises import OnPremises

CertificateArn = Annotated[
    str,
    Field(
        pattern=r"^arn:aws(-[a-z]+)*:acm:[a-z0-9-]+:[0-9]{12}:certificate/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
        examples=["arn:aws:acm:ap-northeast-2:123456789012:certificate/12345678-90ab-cdef-1234-567890abcdef"],
    ),
]


class ClientVpn(Section):
    """A Client VPN endpoint. Clients reach the VPC and on-premises through it; the rest of their traffic stays outside."""

    enabled: bool = False
    """Whether there is an endpoint. It costs by the hour for every zone and for every connected client."""
    cidr: ClientCidr | None = None
    """Block that clients get addresses from: private, /12 to /22, apart from the VPC and on-premises. Needed if enabled."""
    server_certificate_arn: CertificateArn | None = None
    """Certificate of the endpoint, in ACM of the same region. Needed if enabled."""
    client_certificate_arn: CertificateArn | None = None
    """Certificate in ACM whose authority signs the certificates of the clients. Clients then need one of these."""
    directory_id: str | None = Field(default=None, pattern=r"^d-[0-9a-f]{10}$")
    """Active Directory (AWS Managed or AD Connector) whose users may connect. Not together with samlProviderArn."""
    saml_provider_arn: str | None = Field(
        default=None, pattern=r"^arn:aws(-[a-z]+)*:iam::[0-9]{12}:saml-provider/[A-Za-z0-9._-]{1,128}$"
    )
    """IAM SAML identity provider whose users may connect. Not together with directoryId."""
    access_groups: list[Annotated[str, Field(pattern=r"^[A-Za-z0-9_.@:/+-]{1,255}$")]] = Field(default=[], max_length=13)
    """Groups that may reach the networks: SIDs of the directory, or group ids of the SAML provider. Omitted: everybody."""
    session_hours: Literal[8, 10, 12, 24] = 12
    """Hours after which a session ends and the user signs in again."""
    reach: list[Literal["ssh", "database"]] = ["ssh", "database"]
    """What clients reach beside the load balancer, fixed ports and endpoints: ssh on the hosts, PostgreSQL. Empty: neither."""

    def mistakes(self) -> Iterator[Mistake]:
        """What an enabled endpoint needs, and what AWS refuses together."""
        if self.enabled:
            needed = {"cidr": self.cidr, "serverCertificateArn": self.server_certificate_arn}
            for key, value in needed.items():
                if value is None:
                    yield Mistake(key, None, "a value once enabled is true", f"Add {key}, or set enabled to false.")
            if not (self.client_certificate_arn or self.directory_id or self.saml_provider_arn):
                allowed = "at least one of clientCertificateArn, directoryId, samlProviderArn: clients must prove who they are"
                yield Mistake("", "no authentication", allowed, "Add one of the three, or set enabled to false.")
        if self.directory_id and self.saml_provider_arn:
            allowed = "nothing next to directoryId: users come from one of the two"
            yield Mistake("samlProviderArn", self.saml_provider_arn, allowed, "Remove one of the two.")
        if self.access_groups and not (self.directory_id or self.saml_provider_arn):
            allowed = "nothing without directoryId or samlProviderArn: a certificate has no groups"
            yield Mistake("accessGroups", self.access_groups, allowed, "Remove it, or add one of the two.")
        yield from repeated("accessGroups[{}]", self.access_groups)
        yield from repeated("reach[{}]", list(self.reach))

    def reaches(self, what: Literal["ssh", "database"]) -> bool:
        """Whether there are clients, and they reach that."""
        return self.enabled and what in self.reach

    def as_args(self) -> dict[str, Any]:
        """The section as component args. What clients reach is for the components that they reach to admit."""
        return {key: value for key, value in super().as_args().items() if key != "reach"}


def mistakes_with(client_vpn: ClientVpn, network: Network, on_premises: OnPremises, *, region: str) -> Iterator[Mistake]:
    """What `clientVpn` must not be beside `network` and `onPremises`. Keys are seen from the root."""
    others = {"network.cidr": network.cidr} | {f"onPremises.{key}": cidr for key, cidr in on_premises.cidrs_by_key.items()}
    for key, cidr in others.items():
        if client_vpn.cidr and overlap(client_vpn.cidr, cidr):
            fix = "Choose a block that nothing else uses."
            yield Mistake("clientVpn.cidr", client_vpn.cidr, f"a network apart from {key}, {cidr}", fix)
    certificates = {
        "serverCertificateArn": client_vpn.server_certificate_arn,
        "clientCertificateArn": client_vpn.client_certificate_arn,
    }
    for key, arn in certificates.items():
        if arn and arn.split(":")[3] != region:
            fix = "Import the certificate into ACM of that region."
            yield Mistake(f"clientVpn.{key}", arn, f"a certificate in the region {region}", fix)
