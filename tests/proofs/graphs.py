"""Rehearsed stacks made by hand, for proofs that need no emulated account."""

import json
from typing import Any

from rehearsal.emulator import ACCOUNT
from rehearsal.monitor import Deployment, Node
from rehearsal.run import Rehearsal

REGION = "ap-northeast-2"

__all__ = ["ACCOUNT", "REGION", "document", "graph", "node", "statement"]


def node(type_: str, name: str, /, **inputs: Any) -> Node:
    """A resource whose id is its name."""
    urn = f"urn:pulumi:test::hybridge::{type_}::{name}"
    outputs = {**inputs, "arn": f"arn:aws:iam::{ACCOUNT}:policy/{name}"}
    return Node(urn, type_, name, "", name, REGION, inputs, outputs, [], "emulated", [])


def graph(*nodes: Node) -> Rehearsal:
    """A stack of these resources."""
    return Rehearsal(Deployment("hybridge", "test", REGION, {one.urn: one for one in nodes}), [])


def document(*statements: dict[str, Any], **more: Any) -> str:
    """A policy document as a resource holds it."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements), **more})


def statement(**elements: Any) -> dict[str, Any]:
    """A statement that is right in a policy of a role; None takes an element away."""
    sound = {"Sid": "ReadFiles", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::files/*"}
    return {key: value for key, value in {**sound, **elements}.items() if value is not None}
