"""The report on rehearsed stacks: one page with the picture of what was deployed, and with all that was proven of it."""
