"""The beginning of an environment: what is asked, what is checked, and the stack files that are written of it."""
