"""The data centre's half: what its owners type, written from the same settings and from what was deployed.

One folder an owner under `build/onpremises/<stack>/`: routers, names, firewall, servers, files, backup. See docs/onpremises.md.
"""
