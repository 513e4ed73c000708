"""What stands of a stack in the form in which the rehearsal leaves it, so that all of its proofs can be asked of it."""

from collections.abc import Mapping

from engine import state
from engine.account import Account
from rehearsal import wire
from rehearsal.checks import dangling_references
from rehearsal.monitor import Deployment, Node
from rehearsal.run import Rehearsal


def rehearsals_of(account: Account, states: Mapping[str, list[state.Resource]]) -> dict[str, Rehearsal]:
    """The states of an account as rehearsed stacks."""
    done: dict[str, Rehearsal] = {}
    for stack, found in states.items():
        deployment = deployment_of(account, stack, found)
        done[stack] = Rehearsal(deployment, [], {"program": 0.0, "checks": 0.0})
    everything = [one.deployment for one in done.values()]
    for one in done.values():
        one.dangling = dangling_references(account.aws, one.deployment, everything)
    return done


def deployment_of(account: Account, stack: str, found: list[state.Resource]) -> Deployment:
    """What stands of a stack by its state; the account says of which values, and how faithfully each resource was made."""
    file = account.files[stack]
    deployment = Deployment(file.project, stack, file.region)
    for resource in found:
        if resource.type == state.STACK_TYPE:
            deployment.outputs = resource.outputs
        elif not resource.type.startswith("pulumi:providers:") and not resource.going:
            deployment.nodes[resource.urn] = _node(account, resource, file.region)
    return deployment


def _node(account: Account, resource: state.Resource, region: str) -> Node:
    # A name that the provider chose is none that the program gave.
    chosen = resource.inputs.get(state.DEFAULTS, ())
    inputs = {key: value for key, value in resource.inputs.items() if not key.startswith("__") and key not in chosen}
    outputs = {key: value for key, value in resource.outputs.items() if not key.startswith("__")}
    node = Node(
        resource.urn,
        resource.type,
        resource.name,
        resource.parent,
        resource.id,
        "",
        inputs,
        outputs,
        resource.depends_on,
        "component",
        [],
        resource.options,
    )
    if resource.type == state.REFERENCE:
        node.inputs, node.outputs, node.depends_on, node.fidelity = {"name": inputs["name"]}, {}, [], "emulated"
    elif resource.made:
        standing = account.standing[resource.seed]
        node.region = wire.unwrap(inputs).get("region", region)
        node.fidelity, node.gaps = standing.fidelity, standing.gaps
        node.outputs.pop("id", None)
    return node
