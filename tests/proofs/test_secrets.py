"""What is marked as a secret in one place is marked in all."""

import json

from proofs.secrets import Leak, leaks
from rehearsal import wire
from tests.proofs.graphs import graph, node

PASSWORD = "correct-horse-battery"
SECRET = wire.secret(PASSWORD)
DATABASE = "aws:rds/instance:Instance"


def test_a_secret_that_is_marked_everywhere_leaks_nowhere() -> None:
    other = node("aws:dms/endpoint:Endpoint", "endpoint", password=SECRET, serverName="database.example")
    assert leaks(graph(node(DATABASE, "database", password=SECRET), other)) == []


def test_an_unmarked_copy_in_a_resource_is_found() -> None:
    copy = node("aws:ssm/parameter:Parameter", "copy", value=f"password={PASSWORD}")
    assert leaks(graph(node(DATABASE, "database", password=SECRET), copy)) == [Leak(copy.urn, "value")]


def test_an_unmarked_output_of_the_stack_is_found() -> None:
    rehearsal = graph(node(DATABASE, "database", password=SECRET))
    rehearsal.deployment.outputs = {"address": "database.example", "password": PASSWORD, "marked": SECRET}
    assert leaks(rehearsal) == [Leak("output password", "password")]


def test_what_the_provider_returns_unmarked_is_found() -> None:
    activation = node("aws:ssm/activation:Activation", "activation")
    activation.outputs["activationCode"] = "AbCdEfGhIjKlMnOpQrSt"
    rehearsal = graph(activation)
    rehearsal.deployment.outputs = {"code": wire.secret("AbCdEfGhIjKlMnOpQrSt")}
    (leak,) = leaks(rehearsal)
    assert (leak.urn, leak.path) == (activation.urn, "activationCode")
    assert "; allowed: " in leak.message


def test_of_a_secret_document_only_what_is_named_as_a_secret_is_one() -> None:
    document = json.dumps({"username": "hybridge", "host": "database.example.internal", "password": PASSWORD})
    version = node("aws:secretsmanager/secretVersion:SecretVersion", "version", secretString=wire.secret(document))
    record = node("aws:route53/record:Record", "record", records=["database.example.internal"])
    assert leaks(graph(version, record)) == []
    output = node("aws:ssm/document:Document", "document", content=[f"connect {PASSWORD}"])
    assert leaks(graph(version, output)) == [Leak(output.urn, "content[0]")]


def test_short_texts_ids_and_arns_are_no_secrets() -> None:
    marked = [wire.secret("eu"), wire.secret("arn:aws:kms:key/1"), wire.secret("database-identifier")]
    holder = node("aws:other/thing:Thing", "holder", values=marked)
    plain = node(
        "aws:other/thing:Thing", "database-identifier", region="eu", key="arn:aws:kms:key/1", name="database-identifier"
    )
    assert leaks(graph(holder, plain)) == []


def test_the_plain_parts_of_a_setting_are_no_secrets_because_another_part_is_one() -> None:
    settings = {"domain": "corp.example.com", "password": SECRET}
    gateway = node("aws:storagegateway/gateway:Gateway", "gateway", settings=settings)
    gateway.outputs["settings"] = wire.secret({"domain": "corp.example.com", "password": PASSWORD})
    assert leaks(graph(gateway)) == []
