"""Security groups and network ACLs as AWS's APIs show them."""

from proofs.reachability.model import AclEntry, Rule, World
from proofs.reachability.reader import Reader, ipv6_of, name_of, networks, prefix_list
from proofs.reachability.traffic import TrafficSet

Bounds = tuple[int, int]


def read_groups(world: World, reader: Reader) -> None:
    """The security groups with their rules."""
    for group in reader.all("ec2", "DescribeSecurityGroups", "SecurityGroups"):
        world.names[group["GroupId"]] = name_of(group) or group["GroupName"]
        world.groups.setdefault(group["GroupId"], ())
        world.group_vpcs[group["GroupId"]] = group["VpcId"]
        if group["GroupName"] == "default":  # A name that AWS gives to nothing else.
            world.default_groups |= {group["GroupId"]}
    rules: dict[str, list[Rule]] = {}
    for rule in reader.all("ec2", "DescribeSecurityGroupRules", "SecurityGroupRules"):
        named, ipv6 = rule.get("PrefixListId"), rule.get("CidrIpv6")
        world.names[rule["SecurityGroupRuleId"]] = name_of(rule)
        made = Rule(
            id=rule["SecurityGroupRuleId"],
            egress=rule["IsEgress"],
            traffic=TrafficSet.rule(str(rule["IpProtocol"]), _bounds(rule.get("FromPort"), rule.get("ToPort"))),
            networks=prefix_list(reader, named) if named else networks(rule.get("CidrIpv4")),
            group=rule.get("ReferencedGroupInfo", {}).get("GroupId"),
            prefix_list=named,
            ipv6=ipv6_of(reader, named) if named else (ipv6,) if ipv6 else (),
        )
        rules.setdefault(rule["GroupId"], []).append(made)
    world.groups |= {group: tuple(found) for group, found in rules.items()}


def read_acls(world: World, reader: Reader) -> dict[str, str]:
    """The network ACLs; returns which one each subnet has."""
    acl_of: dict[str, str] = {}
    for acl in reader.all("ec2", "DescribeNetworkAcls", "NetworkAcls"):
        identifier = acl["NetworkAclId"]
        world.names[identifier] = name_of(acl)
        acl_of |= {one["SubnetId"]: identifier for one in acl["Associations"]}
        entries = []
        for entry in acl["Entries"]:
            ports = entry.get("PortRange") or {}
            for block in networks(entry.get("CidrBlock")):
                traffic = TrafficSet.rule(str(entry["Protocol"]), _bounds(ports.get("From"), ports.get("To")))
                allow = entry["RuleAction"] == "allow"
                entries.append(AclEntry(int(entry["RuleNumber"]), entry["Egress"], traffic, block, allow))
        world.acls[identifier] = tuple(sorted(entries, key=lambda entry: entry.number))
    return acl_of


def _bounds(first: int | None, last: int | None) -> Bounds | None:
    """The ports of a rule; None for all, which AWS writes as none or as -1."""
    return None if first is None or last is None or first < 0 else (first, last)
