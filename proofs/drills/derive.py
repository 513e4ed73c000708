"""The model of one or several stacks, made from what was deployed: nothing here knows a name of the program."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from proofs.drills import containers, data, figures, kinds, services
from proofs.drills.graph import Graph, Graphs
from proofs.drills.model import Function, Model
from proofs.drills.needs import Elsewhere, Need
from proofs.drills.place import CIRCUITS, Place, Sites
from rehearsal.run import Rehearsal


def derive(rehearsals: Iterable[Rehearsal], sites: Mapping[str, Sites] | None = None) -> Model:
    """Parts and functions of these stacks, which share an account.

    A stack that reads another's outputs is secondary to it: it has no functions of its own, but is where those of the other go
    when nothing else is left. `sites`: those of on-premises as each stack knows them, if there
    are several.
    """
    model, graphs = Model(), Graphs(rehearsals)
    known_sites = sites or {}
    known = {graph.stack for graph in graphs.stacks}
    primaries = [graph for graph in graphs.stacks if not graph.refers_to & known]
    for graph in primaries:
        standby = [
            Place(model, graphs, one, known_sites.get(one.stack, {})) for one in graphs.stacks if graph.stack in one.refers_to
        ]
        others = [_functions(place, standby=True) for place in standby]
        here = Place(model, graphs, graph, known_sites.get(graph.stack, {}))
        model.functions += [_with(function, here, others) for function in _functions(here, standby=False)]
    order = list(kinds.FUNCTIONS)
    model.functions.sort(key=lambda function: (order.index(function.kind), function.stack, function.subject))
    return model


def _functions(place: Place, *, standby: bool) -> list[Function]:
    _unused(place, place.graph)
    return [*containers.functions(place, standby), *data.functions(place, standby), *services.functions(place)]


def _unused(place: Place, graph: Graph) -> None:
    """Parts that nothing needs yet, so that drilling them shows just that."""
    _ = place.every_site if place.sites else []
    for connection in graph.of(CIRCUITS):
        place.circuit(connection)
    for gateway in graph.of("aws:ec2/natGateway:NatGateway"):
        place.nat(gateway)
    _ = place.endpoints


def _with(function: Function, here: Place, standby: list[list[Function]]) -> Function:
    """The function with its counterparts in the secondary stacks."""
    needs: list[Need] = []
    # What replicates into a standby is not what migrates from on-premises.
    for functions in standby if function.kind != kinds.MIGRATION else ():
        found = [other.need for other in functions if (other.kind, other.subject) == (function.kind, function.subject)]
        needs += found
    if not needs:
        return function
    return replace(function, need=Elsewhere(here.region(), function.need, tuple(needs), figures.FAILOVER))
