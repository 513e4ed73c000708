"""Secrets are where secrets belong, and nowhere else.

The policy SDK opens secrets before a policy sees them, so that no policy can tell whether a value is marked as one. What can be
told is whether a value looks like a secret, and whether a value that is one somewhere stands anywhere else.
"""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import PolicyResource, ResourceValidationArgs, Severity

from .making import Stack, resource_policy, stack_policy
from .reading import UNKNOWN, document, elements, get, texts

NAME = re.compile(r"(?i)(password|passwd|secret|token|api_?key|private_?key|access_?key|credentials?)$")
"""What a secret is called. `DB_PASSWORD_FILE` and `SECRET_ARN` are called after what they point to, and are none."""

SHAPES = {
    "an AWS access key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "a password in an address": re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s:/@]+:[^\s:/@${}]+@"),
    "a token of Docker Hub": re.compile(r"\bdckr_(?:pat|oat)_[A-Za-z0-9_-]{20,}"),
    "a token of GitHub": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,})"),
}
"""What secrets look like wherever they are."""

POINTER = re.compile(r"(?:arn:|/|file:|\$\{)")
"""How a value begins that tells where a secret is."""

SHORTEST = 8
"""Characters. A shorter value is found everywhere by chance."""

CARRIERS: dict[str, tuple[str, ...]] = {
    "aws:directconnect/privateVirtualInterface:PrivateVirtualInterface": ("bgpAuthKey",),
    "aws:directconnect/transitVirtualInterface:TransitVirtualInterface": ("bgpAuthKey",),
    "aws:directoryservice/directory:Directory": ("password",),
    "aws:dms/endpoint:Endpoint": ("password",),
    "aws:ec2/vpnConnection:VpnConnection": ("tunnel1PresharedKey", "tunnel2PresharedKey", "customerGatewayConfiguration"),
    "aws:rds/instance:Instance": ("password", "passwordWo"),
    "aws:secretsmanager/secretVersion:SecretVersion": ("secretString", "secretStringWo"),
    "aws:storagegateway/gateway:Gateway": ("smbGuestPassword", "smbActiveDirectorySettings.password"),
    "random:index/randomPassword:RandomPassword": ("result",),
}
"""Type -> the properties that hold a secret by right, and that Pulumi keeps encrypted."""

TOLD = re.compile(r"(directConnectBgpKeys|bgp_keys)\.")
"""Where the keys of BGP sessions are told to those who set up the routers: AWS keeps them in no secret."""

Found = Iterator[str]


def _task_definition(resource: ResourceValidationArgs, options: Mapping[str, Any]) -> Found:
    for container in elements(document(get(resource, "containerDefinitions"))):
        for variable in elements(get(container, "environment")):
            name, value = get(variable, "name"), get(variable, "value")
            if name is UNKNOWN or not isinstance(value, str):
                continue
            if NAME.search(str(name)) and value and not POINTER.match(value):
                yield (
                    f"the environment of {get(container, 'name')} holds {name} in the clear; allowed: secrets by reference; "
                    "name the secret under `secrets`"
                )
        for path, text in texts(container):
            yield from _shaped(path, text)


def _user_data(resource: ResourceValidationArgs, options: Mapping[str, Any]) -> Found:
    for name in ("userData", "userDataBase64"):
        for text in _readings(get(resource, name)):
            yield from _shaped(name, text)


def _parameter(resource: ResourceValidationArgs, options: Mapping[str, Any]) -> Found:
    name, kind = get(resource, "name"), get(resource, "type")
    if kind is UNKNOWN or kind == "SecureString":
        return
    if isinstance(name, str) and NAME.search(name):
        yield f"the parameter {name} is of type {kind}; allowed: SecureString for what is secret; make it one"
    for text in _readings(get(resource, "value")):
        yield from _shaped("value", text)


def _document(resource: ResourceValidationArgs, options: Mapping[str, Any]) -> Found:
    for text in _readings(get(resource, "content")):
        yield from _shaped("content", text)


def _shaped(path: str, text: str) -> Found:
    for what, shape in SHAPES.items():
        if shape.search(text):
            yield f"{path} holds {what}; allowed: secrets by reference; put it into Secrets Manager and name it"


def _readings(value: Any) -> list[str]:
    """A text, and what it says if it is Base64."""
    if not isinstance(value, str):
        return []
    try:
        return [value, base64.b64decode(value, validate=True).decode()]
    except (binascii.Error, ValueError):
        return [value]


def _misplaced(stack: Stack) -> Iterator[tuple[PolicyResource | None, str]]:
    secrets = {secret for resource in stack.resources for secret in _secrets(resource)}
    if not secrets:
        return
    anywhere = re.compile("|".join(map(re.escape, sorted(secrets, key=len, reverse=True))))
    for resource in stack.resources:
        carried = CARRIERS.get(resource.resource_type, ())
        for path, text in texts(resource.props):
            readings = _readings(text) if path.startswith("userData") else [text]
            if path not in carried and not TOLD.match(path) and any(map(anywhere.search, readings)):
                place = "the output" if resource.resource_type == "pulumi:pulumi:Stack" else "the property"
                yield (
                    resource,
                    f"{place} {path} holds a password that is kept elsewhere; allowed: its secret's ARN; give that instead",
                )


def _secrets(resource: PolicyResource) -> Iterator[str]:
    for path in CARRIERS.get(resource.resource_type, ()):
        value = get(resource, path)
        if not isinstance(value, str):
            continue
        content = document(value)
        if isinstance(content, dict):
            found = [text for key, text in content.items() if NAME.search(key) and isinstance(text, str)]
        else:
            found = [value]
        yield from (text for text in found if len(text) >= SHORTEST)


POLICIES = [
    resource_policy(
        "no-plain-secrets",
        "Task definitions, user data, parameters and documents name secrets, and do not hold them.",
        {
            "aws:ec2/instance:Instance": _user_data,
            "aws:ec2/launchTemplate:LaunchTemplate": _user_data,
            "aws:ecs/taskDefinition:TaskDefinition": _task_definition,
            "aws:ssm/document:Document": _document,
            "aws:ssm/parameter:Parameter": _parameter,
        },
        severity=Severity.CRITICAL,
    ),
    stack_policy(
        "secrets-stay-in-place",
        "What is a password in one place stands in no other, and in no output of the stack.",
        _misplaced,
        severity=Severity.CRITICAL,
    ),
]
