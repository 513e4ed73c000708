"""Whether a source is fit to move: every obstacle, with what cures it. Read-only, in seconds."""

from migration.check.run import check, findings, left_behind

__all__ = ["check", "findings", "left_behind"]
