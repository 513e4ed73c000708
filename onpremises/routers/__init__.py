"""Configurations for the routers: one fact list, three ways to say it."""

from onpremises.routers.render import PLATFORMS, files

__all__ = ["PLATFORMS", "files"]
