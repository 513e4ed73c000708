"""The schema in two halves: tables with keys before the load, everything else while changes flow, strict again at the
cutover."""

from migration.schema.steps import indexes, next_half, tables, tighten

__all__ = ["indexes", "next_half", "tables", "tighten"]
