"""DMS: what moto leaves unchecked (roles, networks, secrets, order) or makes up (subnets), and certificates, which it lacks."""

import json
from typing import Any

from moto.dms.models import FakeConnection

from rehearsal.extend import Call, Refuse, operation

LEAST_ZONES = 2
RESOURCE_ID = 26
"""Characters of the random end of an ARN."""
VPC_ROLE, VPC_POLICY = "dms-vpc-role", "AmazonDMSVPCManagementRole"
LOGS_ROLE, LOGS_POLICY = "dms-cloudwatch-logs-role", "AmazonDMSCloudWatchLogsRole"
LOGIN = frozenset({"username", "password", "host", "port"})
"""What a secret must hold for an endpoint."""
REFUSED_IN_PASSWORDS = frozenset(";:.+")
RANGES = {"MaxFileSize": (1, 1_048_576), "ExecuteTimeout": (1, 2_147_483_647), "HeartbeatFrequency": (1, 2_147_483_647)}
"""KB, seconds, minutes. https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Target.PostgreSQL.html"""


@operation("dms", "CreateReplicationSubnetGroup")
def create_subnet_group(call: Call) -> dict[str, Any]:
    """DMS looks at the subnets as dms-vpc-role, which must be there by name with its policy attached."""
    params = call.params
    _check_role(call, VPC_ROLE, VPC_POLICY)
    name = params["ReplicationSubnetGroupIdentifier"].lower()
    if name in call.state["subnet_groups"]:
        raise Refuse("ResourceAlreadyExistsFault", f"The resource {name} you are attempting to create already exists.")
    subnets = [_subnet(call, identifier) for identifier in params["SubnetIds"]]
    if len({subnet.vpc_id for subnet in subnets}) > 1:
        raise Refuse("InvalidSubnet", "The subnets are not all in the same VPC.")
    if len({subnet.availability_zone for subnet in subnets}) < LEAST_ZONES:
        message = "The replication subnet group does not cover enough Availability Zones (AZs). Edit it and add more AZs."
        raise Refuse("ReplicationSubnetGroupDoesNotCoverEnoughAZs", message)
    group = {
        "ReplicationSubnetGroupIdentifier": name,
        "ReplicationSubnetGroupDescription": params["ReplicationSubnetGroupDescription"],
        "VpcId": subnets[0].vpc_id,
        "SubnetGroupStatus": "Complete",
        "Subnets": [
            {
                "SubnetIdentifier": subnet.id,
                "SubnetAvailabilityZone": {"Name": subnet.availability_zone},
                "SubnetStatus": "Active",
            }
            for subnet in subnets
        ],
        "SupportedNetworkTypes": ["IPV4"],
    }
    call.state["subnet_groups"][name] = group
    call.backend("dms").tagger.tag_resource(call.arn(f"subgrp:{name}"), params.get("Tags", []))
    return {"ReplicationSubnetGroup": group}


@operation("dms", "DescribeReplicationSubnetGroups")
def describe_subnet_groups(call: Call) -> dict[str, Any]:
    """All, or those of the given identifiers."""
    return {"ReplicationSubnetGroups": _chosen(call, "subnet_groups")}


@operation("dms", "CreateReplicationInstance")
def create_instance(call: Call) -> dict[str, Any]:
    """Roles, subnet group, security groups and key must exist, the groups in the VPC of the subnets."""
    params = call.params
    _check_role(call, VPC_ROLE, VPC_POLICY)
    _check_key(call, params.get("KmsKeyId"))
    name = params.get("ReplicationSubnetGroupIdentifier", "default")
    subnets = call.state["subnet_groups"].get(name)
    if subnets is None:
        raise Refuse("ResourceNotFoundFault", f"The replication subnet group {name} does not exist.")
    groups = call.backend("ec2").groups.get(subnets["VpcId"], {})
    for identifier in params.get("VpcSecurityGroupIds", []):
        if identifier not in groups:
            raise Refuse("InvalidParameterValueException", f"Security group {identifier} is not in {subnets['VpcId']}.")
    instances = call.backend("dms").replication_instances
    if any(instance.id == params["ReplicationInstanceIdentifier"].lower() for instance in instances.values()):
        raise Refuse("ResourceAlreadyExistsFault", "Replication Instance already exists.")
    made = _moto(call)["ReplicationInstance"]
    # The end of a real ARN is random; the metrics of tasks are found by it.
    instance = instances.pop(made["ReplicationInstanceArn"])
    instance.id = instance.id.lower()
    _rename(call, instance, call.arn(f"rep:{_resource_id(call)}"))
    instances[instance.arn] = instance
    instance.status = "available"
    return {"ReplicationInstance": _instance(call, instance)}


@operation("dms", "DescribeReplicationInstances")
def describe_instances(call: Call) -> dict[str, Any]:
    """moto's answer with the real subnets."""
    described = _moto(call)
    instances = call.backend("dms").replication_instances
    found = [_instance(call, instances[one["ReplicationInstanceArn"]]) for one in described["ReplicationInstances"]]
    return {**described, "ReplicationInstances": found}


@operation("dms", "ImportCertificate")
def import_certificate(call: Call) -> dict[str, Any]:
    """A certificate in PEM, under a name of its own."""
    name = call.params["CertificateIdentifier"]
    if "BEGIN CERTIFICATE" not in call.params.get("CertificatePem", ""):
        raise Refuse("InvalidCertificateFault", "The certificate is not in PEM.")
    if name in call.state["certificates"]:
        raise Refuse("ResourceAlreadyExistsFault", "Certificate already exists.")
    arn = call.arn(f"cert:{_resource_id(call)}")
    kept = {key: call.params[key] for key in ("CertificateIdentifier", "CertificatePem")}
    call.state["certificates"][name] = {**kept, "CertificateArn": arn, "CertificateOwner": call.account}
    call.backend("dms").tagger.tag_resource(arn, call.params.get("Tags", []))
    return {"Certificate": call.state["certificates"][name]}


@operation("dms", "DescribeCertificates")
def describe_certificates(call: Call) -> dict[str, Any]:
    """All, or those of the given identifiers."""
    return {"Certificates": _chosen(call, "certificates")}


@operation("dms", "CreateEndpoint")
def create_endpoint(call: Call) -> dict[str, Any]:
    """DMS takes the access role and looks into the secret before it makes the endpoint."""
    params = call.params
    _check_key(call, params.get("KmsKeyId"))
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
    _moto(call)
    endpoint = call.backend("dms").endpoints[params["EndpointIdentifier"]]
    # Left to itself moto draws an id that is another one in every run.
    endpoint.id = _resource_id(call)
    endpoint.arn = endpoint.endpoint_arn
    _rename(call, endpoint, call.arn(f"endpoint:{endpoint.id}"))
    endpoint.endpoint_arn = endpoint.arn
    return {"Endpoint": endpoint.to_dict()}


@operation("dms", "CreateReplicationTask")
def create_task(call: Call) -> dict[str, Any]:
    """Both endpoints and the instance must exist, and the documents must be what DMS can read."""
    params = call.params
    backend = call.backend("dms")
    kinds = {endpoint.endpoint_arn: endpoint.endpoint_type for endpoint in backend.endpoints.values()}
    for member, kind in (("SourceEndpointArn", "source"), ("TargetEndpointArn", "target")):
        if kinds.get(params[member]) != kind:
            raise Refuse("ResourceNotFoundFault", f"Endpoint {params[member]} could not be found as a {kind}.")
    if params["ReplicationInstanceArn"] not in backend.replication_instances:
        raise Refuse("ResourceNotFoundFault", f"Replication instance {params['ReplicationInstanceArn']} could not be found.")
    _check_documents(params)
    _check_start(call, params)
    if any(task.id == params["ReplicationTaskIdentifier"] for task in backend.replication_tasks.values()):
        raise Refuse("ResourceAlreadyExistsFault", "The resource you are attempting to create already exists.")
    made = _moto(call)["ReplicationTask"]
    task = backend.replication_tasks.pop(made["ReplicationTaskArn"])
    _rename(call, task, call.arn(f"task:{_resource_id(call)}"))
    backend.replication_tasks[task.arn] = task
    task.ready()
    call.state["starts"][task.arn] = params.get("CdcStartPosition")
    return {"ReplicationTask": _task(call, task)}


@operation("dms", "DescribeReplicationTasks")
def describe_tasks(call: Call) -> dict[str, Any]:
    """moto's answer with the start position that it drops."""
    described = _moto(call)
    tasks = call.backend("dms").replication_tasks
    return {
        **described,
        "ReplicationTasks": [_task(call, tasks[one["ReplicationTaskArn"]]) for one in described["ReplicationTasks"]],
    }


@operation("dms", "StartReplicationTask")
def start_task(call: Call) -> dict[str, Any]:
    """Both endpoints must have passed a test of their connection, and the logs must have somewhere to go."""
    task = call.backend("dms").replication_tasks.get(call.params["ReplicationTaskArn"])
    if task is None:
        raise Refuse("ResourceNotFoundFault", "Replication task could not be found.")
    if task.status == "running":
        raise Refuse("InvalidResourceStateFault", "Replication task is running already.")
    tested = {
        (connection.replication_instance_arn, connection.endpoint_arn)
        for connection in call.backend("dms").connections
        if connection.status == "successful"
    }
    for endpoint in (task.source_endpoint_arn, task.target_endpoint_arn):
        if (task.replication_instance_arn, endpoint) not in tested:
            message = (
                "Test connection for replication instance and endpoint should be successful for starting the replication task"
            )
            raise Refuse("InvalidResourceStateFault", message)
    if json.loads(task.replication_task_settings or "{}").get("Logging", {}).get("EnableLogging"):
        _check_role(call, LOGS_ROLE, LOGS_POLICY)
    return _moto(call)


def connect(account_backend: Any) -> None:
    """What people do in stage `prepare`: test every endpoint from every replication instance."""
    tested = {(one.replication_instance_arn, one.endpoint_arn) for one in account_backend.connections}
    for instance in account_backend.replication_instances.values():
        for endpoint in account_backend.endpoints.values():
            if (instance.arn, endpoint.endpoint_arn) not in tested:
                connection = FakeConnection(instance.arn, endpoint.endpoint_arn, instance.id, endpoint.endpoint_identifier)
                connection.status = "successful"
                account_backend.connections.append(connection)


def _moto(call: Call) -> dict[str, Any]:
    """moto's own answer, which it has as text."""
    answer: dict[str, Any] = json.loads(call.moto())
    return answer


def _chosen(call: Call, kind: str) -> list[dict[str, Any]]:
    wanted = {value for one in call.params.get("Filters", []) for value in one["Values"]}
    found = [kept for name, kept in call.state[kind].items() if not wanted or name in wanted]
    if wanted and not found:
        raise Refuse("ResourceNotFoundFault", f"{', '.join(sorted(wanted))} could not be found.")
    return found


def _resource_id(call: Call) -> str:
    return str(call.params.get("ResourceIdentifier") or call.new_id(length=RESOURCE_ID).upper())


def _rename(call: Call, resource: Any, arn: str) -> None:
    """Give a resource of moto's another ARN, with its tags."""
    tagger = call.backend("dms").tagger
    tagger.tag_resource(
        arn, [{"Key": key, "Value": value} for key, value in tagger.get_tag_dict_for_resource(resource.arn).items()]
    )
    tagger.delete_all_tags_for_resource(resource.arn)
    resource.arn = arn


def _instance(call: Call, instance: Any) -> dict[str, Any]:
    described: dict[str, Any] = instance.to_dict()
    subnets = call.state["subnet_groups"].get(instance.replication_subnet_group_identifier)
    zones = [subnet["SubnetAvailabilityZone"]["Name"] for subnet in subnets["Subnets"]] if subnets else []
    described |= {
        "ReplicationSubnetGroup": subnets,
        "AvailabilityZone": described["AvailabilityZone"] or next(iter(zones), None),
    }
    described["SecondaryAvailabilityZone"] = zones[1] if described["MultiAZ"] and zones[1:] else None
    return described


def _task(call: Call, task: Any) -> dict[str, Any]:
    start = call.state["starts"].get(task.arn)
    return {**task.to_dict(), **({"CdcStartPosition": start} if start else {})}


def _subnet(call: Call, identifier: str) -> Any:
    for zone in call.backend("ec2").subnets.values():
        if identifier in zone:
            return zone[identifier]
    raise Refuse("InvalidSubnet", f"The subnet {identifier} does not exist.")


def _check_role(call: Call, name: str, policy: str) -> None:
    role = next((role for role in call.backend("iam").roles.values() if role.name == name), None)
    trusted = role is not None and "dms.amazonaws.com" in json.dumps(role.assume_role_policy_document)
    if role is None or not trusted or not any(arn.endswith(f"/{policy}") for arn in role.managed_policies):
        arn = f"arn:aws:iam::{call.account}:role/{name}"
        raise Refuse("AccessDeniedFault", f"The IAM Role {arn} is not configured properly.")


def _check_key(call: Call, arn: str | None) -> None:
    if arn and arn.rsplit("/", maxsplit=1)[-1] not in call.backend("kms").keys:
        raise Refuse("KMSKeyNotAccessibleFault", f"AWS DMS cannot access the KMS key {arn}.")


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


def _check_documents(params: dict[str, Any]) -> None:
    mappings = json.loads(params["TableMappings"])
    rules = mappings.get("rules", [])
    included = [rule for rule in rules if rule.get("rule-type") == "selection" and rule.get("rule-action") == "include"]
    if not included:
        raise Refuse("InvalidParameterValueException", "No tables are included by the table mappings.")
    for key in ("rule-id", "rule-name"):
        if len({rule[key] for rule in rules}) != len(rules):
            raise Refuse("InvalidParameterValueException", f"Every {key} of the table mappings must be unique.")
    logging = json.loads(params.get("ReplicationTaskSettings") or "{}").get("Logging", {})
    if {"CloudWatchLogGroup", "CloudWatchLogStream"} & logging.keys():
        raise Refuse("InvalidParameterValueException", "CloudWatchLogGroup and CloudWatchLogStream are read-only.")


def _check_start(call: Call, params: dict[str, Any]) -> None:
    """A slot made by hand and the position to start at belong together, and with changes only."""
    source = next(one for one in call.backend("dms").endpoints.values() if one.endpoint_arn == params["SourceEndpointArn"])
    slot, position = (source.postgre_sql_settings or {}).get("SlotName"), params.get("CdcStartPosition")
    if slot and (not position or params["MigrationType"] != "cdc"):
        raise Refuse("InvalidParameterCombinationException", "A slot needs a CdcStartPosition and the migration type cdc.")
    if position and params["MigrationType"] == "full-load-and-cdc":
        raise Refuse("InvalidParameterCombinationException", "A CdcStartPosition is for the migration type cdc.")
