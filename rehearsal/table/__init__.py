"""The one table: Pulumi resource type -> how it is made in AWS. A module per service, each with a `ROWS`."""

import importlib
import pkgutil

from rehearsal.row import Table


def _assembled() -> Table:
    table: Table = {}
    for module in pkgutil.iter_modules(__path__):
        rows: Table = importlib.import_module(f"{__name__}.{module.name}").ROWS
        if twice := table.keys() & rows.keys():
            raise ValueError(f"rehearsal/table/{module.name}.py: {sorted(twice)} stand in another module of the table too")
        table |= rows
    return table


TABLE: Table = _assembled()
