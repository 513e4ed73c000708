"""What the data centre's name servers forward to AWS, and nothing else; and what AWS asks of them."""

from collections.abc import Iterator
from pathlib import Path

from components.settings import Settings
from onpremises.facts import Facts, Missing
from onpremises.text import environment

SERVERS = {"bind": "named.conf.hybridge", "unbound": "hybridge.conf", "dnsmasq": "hybridge.conf", "windows": "hybridge.ps1"}
"""Server -> the name of its file."""
README = """# Names

One file a kind of name server; take the one that the data centre runs. They forward exactly the names that AWS answers to
the inbound resolver, and leave everybody else's alone.
After a change of the stack's endpoints make the kit anew and look at `--diff`.

## What AWS asks in turn
{% if asked %}
The outbound resolver, from {{ cidrs|join(", ") }}, by UDP and TCP on port 53. These servers have to answer it:

| for | asked |
|---|---|
{% for domain, servers in asked %}
| `{{ domain }}` | {{ servers|join(", ") }} |
{% endfor %}
{% else %}
Nothing: no domain of the data centre is in the stack file (`onPremises.domain`, `domains`).
{% endif %}
"""


def forwarded(of: Facts) -> dict[str, list[str]]:
    """Domain -> the addresses that answer for it: those of the inbound resolver of its region, and of both for what both
    have."""
    found: dict[str, list[str]] = {}
    for region in of.regions:
        domains, addresses = (region.outputs.get(name) for name in ("resolverForwardedDomains", "resolverInboundAddresses"))
        if not domains or not addresses:
            raise Missing(
                f"the outputs of {region.stack} have no resolverForwardedDomains; deploy this version of the program first"
            )
        for domain in domains:
            found.setdefault(str(domain).rstrip("."), []).extend(str(address) for address in addresses)
    return dict(sorted(found.items()))


def files(of: Facts) -> dict[str, str]:
    """A file for each kind of name server."""
    env = environment(Path(__file__).parent / "templates")
    zones, asked = forwarded(of), list(own_domains(of.primary.settings))
    cidrs = [region.cidr for region in of.regions]
    readme = env.from_string(README).render(asked=asked, cidrs=cidrs)
    return {"README.md": readme} | {
        f"{server}/{name}": env.get_template(f"{server}.j2").render(zones=zones, asked=asked, cidrs=cidrs)
        for server, name in SERVERS.items()
    }


def own_domains(settings: Settings) -> Iterator[tuple[str, list[str]]]:
    """Domains that AWS asks the data centre for, with the servers that it asks."""
    for one in settings.on_premises.forwarded:
        yield one.domain, one.servers
