"""Rows of the rehearsal for resource types of your own, a module per service; docs/rehearsal-rows.md."""
