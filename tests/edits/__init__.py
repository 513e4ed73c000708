"""Edits of years: what a config edit does to a stack that stands, edit by edit, as docs/edits.md tells it."""
