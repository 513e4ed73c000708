"""What stack files adopt and what people do in between, a module per idea; importing a module registers it with `outside`."""

import importlib
import pkgutil

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")
