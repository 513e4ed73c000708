"""The words of the drills: kinds of functions and kinds of failures, in the order in which people read them."""

LINK = "on-premises and AWS"
IN_AWS = "containers in AWS"
ON_PREMISES = "containers on-premises"
WRITES = "database writes"
READS = "database reads"
FILES_WRITTEN = "files written on-premises"
FILES_READ = "files read in AWS"
EGRESS = "egress"
AWS_NAMES = "names of AWS on-premises"
ON_PREMISES_NAMES = "names of on-premises in AWS"
MANAGED_AWS = "management in AWS"
MANAGED_ON_PREMISES = "management on-premises"
SIGN_IN = "sign-in by the directory"
PEOPLE = "Client VPN"
BACKUPS = "backups"
MACHINES = "virtual machines on-premises"
MACHINES_KEPT = "backups of virtual machines"
MIGRATION = "database migration"

FUNCTIONS = {
    LINK: "link",
    IN_AWS: "apps in AWS",
    ON_PREMISES: "apps on-prem",
    WRITES: "db writes",
    READS: "db reads",
    FILES_WRITTEN: "files written",
    FILES_READ: "files read",
    EGRESS: "egress",
    AWS_NAMES: "names",
    ON_PREMISES_NAMES: "names",
    MANAGED_AWS: "manage",
    MANAGED_ON_PREMISES: "manage",
    SIGN_IN: "manage",
    PEOPLE: "Client VPN",
    BACKUPS: "backups",
    MACHINES: "machines",
    MACHINES_KEPT: "machines",
    MIGRATION: "migration",
}
"""Kind of function -> the heading of its column in a table for people, in reading order."""

CIRCUIT = "circuit"
LOCATION = "Direct Connect location"
ROUTER = "router"
TUNNEL = "VPN tunnel"
ZONE = "zone"
NAT = "NAT gateway"
HOST = "host"
SERVER = "on-premises server"
PRIMARY = "database primary"
REPLICA = "database replica"
DMS = "migration instance"
GATEWAY = "gateway VM"
BACKUP_GATEWAY = "Backup gateway VM"
MACHINE = "virtual machine"
MOUNT_TARGET = "mount target"
ENDPOINT = "interface endpoint in a zone"
INBOUND_RESOLVER = "inbound resolver in a zone"
OUTBOUND_RESOLVER = "outbound resolver in a zone"
BALANCER = "load balancer in a zone"
ROLLOUT = "new version"
PATCHING = "patching"
COPIES = "all copies in AWS of"
ASSOCIATION = "Client VPN in a zone"
CONNECTOR = "AD Connector in a zone"
DNS_SERVER = "on-premises DNS server"
REGION = "region"
SITE = "data centre"
MANAGED = "service of a region"

FAILURES = (
    CIRCUIT,
    LOCATION,
    ROUTER,
    TUNNEL,
    ZONE,
    NAT,
    HOST,
    SERVER,
    PRIMARY,
    REPLICA,
    DMS,
    GATEWAY,
    BACKUP_GATEWAY,
    MACHINE,
    MOUNT_TARGET,
    ENDPOINT,
    INBOUND_RESOLVER,
    OUTBOUND_RESOLVER,
    BALANCER,
    COPIES,
    ROLLOUT,
    PATCHING,
    ASSOCIATION,
    CONNECTOR,
    DNS_SERVER,
    REGION,
    SITE,
)
"""Every kind of part that is drilled."""
