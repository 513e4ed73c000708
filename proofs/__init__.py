"""Proofs over what was really deployed in a rehearsal: what is open, what is single, what is allowed."""
