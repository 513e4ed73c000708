"""The command `hybridge`: the top floor, and the only one that composes the others."""
