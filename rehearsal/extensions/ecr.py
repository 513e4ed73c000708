"""Amazon ECR: pull-through caches and the templates of their repositories, which moto lacks; keys that it does not look up.

moto replicates by a single rule only.
"""

import datetime
import json
from typing import Any

import moto.backends

from rehearsal.extend import Call, Refuse, operation

UPSTREAMS = {
    "registry-1.docker.io": "docker-hub",
    "public.ecr.aws": "ecr-public",
    "quay.io": "quay",
    "registry.k8s.io": "k8s",
    "ghcr.io": "github-container-registry",
}
WITH_CREDENTIALS = frozenset({"docker-hub", "github-container-registry"})
# https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html
RULES, DESTINATIONS = 10, 25


@operation("ecr", "CreateRepository")
def create_repository(call: Call) -> Any:
    """The key of an encrypted repository exists."""
    key = call.params.get("encryptionConfiguration", {}).get("kmsKey")
    if key and not any(key in (one.arn, one.id) for one in call.backend("kms").keys.values()):
        raise Refuse("KmsException", f"The key {key} does not exist.")
    return call.moto()


@operation("ecr", "PutReplicationConfiguration")
def put_replication(call: Call) -> dict[str, Any]:
    """To registries other than this one, in numbers that Amazon ECR takes; what was there before is replaced."""
    configuration = call.params["replicationConfiguration"]
    rules = configuration["rules"]
    places = {(one["region"], one["registryId"]) for rule in rules for one in rule["destinations"]}
    if len(rules) > RULES or len(places) > DESTINATIONS:
        raise Refuse("InvalidParameterException", f"There may be {RULES} rules and {DESTINATIONS} destinations.")
    if (call.region, call.account) in places:
        raise Refuse("InvalidParameterException", "Replication destination cannot be the same as the source registry.")
    regions = moto.backends.get_backend("ecr")[call.account].regions
    if unknown := sorted({region for region, _ in places} - set(regions)):
        raise Refuse("InvalidParameterException", f"Region {unknown[0]} is no valid destination.")
    call.backend("ecr").replication_config = configuration
    return {"replicationConfiguration": configuration}


@operation("ecr", "CreatePullThroughCacheRule")
def create_rule(call: Call) -> dict[str, Any]:
    """The registry is one that Amazon ECR caches, and its credentials are there, in the form that it takes."""
    params = call.params
    prefix, url = params["ecrRepositoryPrefix"], params["upstreamRegistryUrl"]
    if prefix in call.state["rules"]:
        message = f"A pull through cache rule with repository prefix '{prefix}' already exists."
        raise Refuse("PullThroughCacheRuleAlreadyExistsException", message)
    if url not in UPSTREAMS:
        raise Refuse("UnsupportedUpstreamRegistryException", f"The upstream registry '{url}' is not supported.")
    if UPSTREAMS[url] in WITH_CREDENTIALS:
        _check_credentials(call, params.get("credentialArn"))
    rule = {**params, "upstreamRegistry": UPSTREAMS[url], "registryId": call.account, "createdAt": _now()}
    call.state["rules"][prefix] = rule
    return rule


@operation("ecr", "DescribePullThroughCacheRules")
def describe_rules(call: Call) -> dict[str, Any]:
    """All, or those of the given prefixes."""
    rules, wanted = call.state["rules"], call.params.get("ecrRepositoryPrefixes")
    if unknown := sorted(set(wanted or ()) - set(rules)):
        raise Refuse("PullThroughCacheRuleNotFoundException", f"No rule with repository prefix '{unknown[0]}'.")
    return {"pullThroughCacheRules": [rule for prefix, rule in rules.items() if wanted is None or prefix in wanted]}


def _check_credentials(call: Call, arn: str | None) -> None:
    secrets = call.backend("secretsmanager").secrets
    secret = next((one for one in secrets.values() if one.arn == arn), None)
    if secret is None:
        raise Refuse("SecretNotFoundException", f"The ARN of the secret specified in the rule was not found: {arn}")
    if secret.kms_key_id:
        message = "The secret is not encrypted with the default aws/secretsmanager key."
        raise Refuse("UnableToDecryptSecretValueException", message)
    version = next((one for one in (secret.versions or {}).values() if one.get("secret_string")), None)
    if version is None or {"username", "accessToken"} - set(json.loads(version["secret_string"])):
        raise Refuse("UnableToAccessSecretException", "The secret does not hold a username and an accessToken.")


@operation("ecr", "CreateRepositoryCreationTemplate")
def create_template(call: Call) -> dict[str, Any]:
    """One template for a prefix; tags and KMS need a role to make repositories with."""
    params = call.params
    if params["prefix"] in call.state["templates"]:
        raise Refuse("TemplateAlreadyExistsException", f"A template for '{params['prefix']}' already exists.")
    encryption = params.get("encryptionConfiguration", {}).get("encryptionType", "AES256")
    if (params.get("resourceTags") or encryption != "AES256") and "customRoleArn" not in params:
        raise Refuse("ValidationException", "A custom role is needed for resource tags or KMS encryption.")
    if "lifecyclePolicy" in params and "rules" not in json.loads(params["lifecyclePolicy"]):
        raise Refuse("InvalidParameterException", "The lifecycle policy has no rules.")
    template = {**params, "createdAt": _now(), "updatedAt": _now()}
    call.state["templates"][params["prefix"]] = template
    return {"registryId": call.account, "repositoryCreationTemplate": template}


@operation("ecr", "DescribeRepositoryCreationTemplates")
def describe_templates(call: Call) -> dict[str, Any]:
    """All, or those of the given prefixes."""
    wanted = call.params.get("prefixes")
    if unknown := sorted(set(wanted or ()) - set(call.state["templates"])):
        raise Refuse("TemplateNotFoundException", f"No template with prefix '{unknown[0]}'.")
    templates = [one for prefix, one in call.state["templates"].items() if wanted is None or prefix in wanted]
    return {"registryId": call.account, "repositoryCreationTemplates": templates}


@operation("ecr", "UpdatePullThroughCacheRule")
def update_rule(call: Call) -> dict[str, Any]:
    """Its credentials are all that can be changed."""
    rule = _kept(call, "rules", "ecrRepositoryPrefix", "PullThroughCacheRuleNotFoundException")
    if rule["upstreamRegistry"] in WITH_CREDENTIALS:
        _check_credentials(call, call.params.get("credentialArn"))
    rule.update(credentialArn=call.params.get("credentialArn"), updatedAt=_now())
    return rule


@operation("ecr", "DeletePullThroughCacheRule")
def delete_rule(call: Call) -> dict[str, Any]:
    """What was cached stays."""
    rule = _kept(call, "rules", "ecrRepositoryPrefix", "PullThroughCacheRuleNotFoundException")
    del call.state["rules"][rule["ecrRepositoryPrefix"]]
    return rule


@operation("ecr", "UpdateRepositoryCreationTemplate")
def update_template(call: Call) -> dict[str, Any]:
    """For the repositories that are made from now on."""
    template = _kept(call, "templates", "prefix", "TemplateNotFoundException")
    template.update({**call.params, "updatedAt": _now()})
    return {"registryId": call.account, "repositoryCreationTemplate": template}


@operation("ecr", "DeleteRepositoryCreationTemplate")
def delete_template(call: Call) -> dict[str, Any]:
    """The repositories that were made by it stay."""
    template = _kept(call, "templates", "prefix", "TemplateNotFoundException")
    del call.state["templates"][template["prefix"]]
    return {"registryId": call.account, "repositoryCreationTemplate": template}


def _kept(call: Call, kind: str, member: str, code: str) -> dict[str, Any]:
    found: dict[str, Any] | None = call.state[kind].get(call.params[member])
    if found is None:
        raise Refuse(code, f"Nothing with the prefix '{call.params[member]}' exists in the registry.")
    return found


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
