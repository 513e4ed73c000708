"""The way of a PostgreSQL database into AWS: a step each, over the same settings as the replication tasks.

DMS, or PostgreSQL's own logical replication, moves rows. What is around that is here: whether the source is fit, the schema in
two halves, whether both sides are equal, sequences, the cutover and the way back. See docs/migration.md.
"""
