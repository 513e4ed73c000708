"""Endpoints, with the secrets that DMS looks into, and certificates."""

import json
from typing import Any

from rehearsal.extend import Call, Refuse, operation
from rehearsal.extensions.dms.common import check_key, chosen, moto_answer, rename, resource_id

LOGIN = frozenset({"username", "password", "host", "port"})
"""What a secret must hold for an endpoint."""
REFUSED_IN_PASSWORDS = frozenset(";:.+")
RANGES = {"MaxFileSize": (1, 1_048_576), "ExecuteTimeout": (1, 2_147_483_647), "HeartbeatFrequency": (1, 2_147_483_647)}
"""KB, seconds, minutes. https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Target.PostgreSQL.html"""


@operation("dms", "ImportCertificate")
def import_certificate(call: Call) -> dict[str, Any]:
    """A certificate in PEM, under a name of its own."""
    name = call.params["CertificateIdentifier"]
    if "BEGIN CERTIFICATE" not in call.params.get("CertificatePem", ""):
        raise Refuse("InvalidCertificateFault", "The certificate is not in PEM.")
    if name in call.state["certificates"]:
        raise Refuse("ResourceAlreadyExistsFault", "Certificate already exists.")
    arn = call.arn(f"cert:{resource_id(call)}")
    kept = {key: call.params[key] for key in ("CertificateIdentifier", "CertificatePem")}
    call.state["certificates"][name] = {**kept, "CertificateArn": arn, "CertificateOwner": call.account}
    call.backend("dms").tagger.tag_resource(arn, call.params.get("Tags", []))
    return {"Certificate": call.state["certificates"][name]}


@operation("dms", "DescribeCertificates")
def describe_certificates(call: Call) -> dict[str, Any]:
    """All, or those of the given identifiers."""
    return {"Certificates": chosen(call, "certificates")}


@operation("dms", "CreateEndpoint")
def create_endpoint(call: Call) -> dict[str, Any]:
    """DMS takes the access role and looks into the secret before it makes the endpoint."""
    params = call.params
    check_key(call, params.get("KmsKeyId"))
    if params["EndpointIdentifier"] in call.backend("dms").endpoints:
        raise Refuse("ResourceAlreadyExistsFault", "The resource you are attempting to create already exists.")
    certificate = params.get("CertificateArn")
    if certificate and certificate not in {one["CertificateArn"] for one in call.state["certificates"].values()}:
        raise Refuse("ResourceNotFoundFault", f"Certificate {certificate} could not be found.")
    if str(params.get("SslMode", "none")).startswith("verify") and not certificate:
        raise Refuse("InvalidParameterCombinationException", "A CA certificate is required for this SSL mode.")
    settings = params.get("PostgreSQLSettings", {})
    for member, (least, most) in RANGES.items():
        if not least <= settings.get(member, least) <= most:
            message = (
                f"{member} {settings[member]} is not between {least} and {most}; the provider sends 0 for what is left out."
            )
            raise Refuse("InvalidParameterValueException", message)
    if "SecretsManagerSecretId" in settings:
        _check_secret(call, settings["SecretsManagerSecretId"], settings.get("SecretsManagerAccessRoleArn", ""))
    elif not {"ServerName", "Port", "Username"} <= params.keys():
        raise Refuse("InvalidParameterCombinationException", "An endpoint needs a secret, or server, port and user.")
    moto_answer(call)
    endpoint = call.backend("dms").endpoints[params["EndpointIdentifier"]]
    # Left to itself moto draws an id that is another one in every run.
    endpoint.id = resource_id(call)
    endpoint.arn = endpoint.endpoint_arn
    rename(call, endpoint, call.arn(f"endpoint:{endpoint.id}"))
    endpoint.endpoint_arn = endpoint.arn
    return {"Endpoint": endpoint.to_dict()}


def _check_secret(call: Call, secret_id: str, role_arn: str) -> None:
    """The role must trust the service of the region and may read the secret, which must hold a login that DMS can use."""
    role = next((role for role in call.backend("iam").roles.values() if role.arn == role_arn), None)
    trusted = role is not None and f"dms.{call.region}.amazonaws.com" in json.dumps(role.assume_role_policy_document)
    if role is None or not trusted or not any(secret_id in json.dumps(policy) for policy in role.policies.values()):
        raise Refuse("AccessDeniedFault", f"The secrets manager access role {role_arn} is not configured properly.")
    secret = call.backend("secretsmanager").secrets.get(secret_id)
    versions = secret.versions.values() if secret else ()
    value = next((one.get("secret_string") for one in versions if "AWSCURRENT" in one["version_stages"]), None)
    if value is None:
        raise Refuse("ResourceNotFoundFault", f"Secrets Manager can't find the value of {secret_id}.")
    login = json.loads(value)
    if not login.keys() >= LOGIN:
        raise Refuse("InvalidParameterValueException", f"{secret_id} lacks {', '.join(sorted(LOGIN - login.keys()))}.")
    if set(login["password"]) & REFUSED_IN_PASSWORDS:
        raise Refuse("InvalidParameterValueException", f"The password in {secret_id} has a character that DMS does not take.")
