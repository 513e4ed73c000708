"""Hybridge: one container platform over a data centre and AWS."""

__version__ = "0.1.0"
