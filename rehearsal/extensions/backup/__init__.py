"""AWS Backup: what moto lacks of it or lets through, one module per idea; all are loaded with the service."""

import importlib
import pkgutil

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")
