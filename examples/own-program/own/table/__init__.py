"""Rows of the rehearsal for the types that the team uses, a module per service."""
