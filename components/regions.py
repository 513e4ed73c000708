"""What only a stack of two regions hands to its components: what it shares with the other one, and what of it waits."""

import json
from typing import Any

import pulumi

from components.primary import Primary
from components.settings import Settings, recovery


class Regions:
    """What the components get to be those of one of two regions; next to nothing where there is one.

    What role and mode of a stack mean is translated in components/settings/recovery.py.
    """

    def __init__(self, settings: Settings, primary: Primary | None) -> None:
        """`primary` is what the stack of the primary exports; None unless this one is a secondary."""
        self._settings, self._primary = settings, primary

    def network(self) -> dict[str, Any]:
        """What Network gets to be one of two: private zone and circuits of the primary, a peer for its transit gateway."""
        settings, primary = self._settings, self._primary
        direct_connect = settings.direct_connect.as_args() | {"protected": settings.protect}
        sited = {circuit: site.name for site in settings.on_premises.sites for circuit in site.circuits}
        direct_connect["connections"] = [
            connection | ({"site": sited[connection["name"]]} if connection["name"] in sited else {})
            for connection in direct_connect["connections"]
        ]
        args: dict[str, Any] = {
            "direct_connect": direct_connect,
            "shared": settings.secondary_region is not None,
            "protected": settings.protect,
        }
        cidr = recovery.other_cidr(settings)
        if cidr is not None and settings.network.hub == "transitGateway" and settings.disaster_recovery.peering:
            # Each side leads its own subnets to its own transit gateway; the secondary makes what lies between the two.
            args["other_region"] = {"cidr": cidr}
        if primary is None:
            return args
        args["private_zone_id"] = primary.private_zone_id
        if settings.disaster_recovery.direct_connect:
            direct_connect["gateway_id"] = primary.direct_connect_gateway_id
        if "other_region" in args:
            args["other_region"]["peer"] = {
                "region": primary.region,
                "transit_gateway_id": primary.transit_gateway_id,
                "route_table_id": primary.transit_gateway_route_table_id,
            }
        return args

    def database(self, cidr: pulumi.Input[str]) -> dict[str, Any]:
        """What Database gets to be one of two: copies for the other region, and whose data it stands by with, in `cidr`."""
        settings, primary = self._settings, self._primary
        recovering, way = settings.disaster_recovery, recovery.standby_way(settings)
        args: dict[str, Any] = {}
        if settings.secondary_region is not None:
            args["copies"] = {
                "region": settings.secondary_region,
                "backups": recovering.database == "backups",
                "dms_roles": recovering.database == "dms",
            }
        if way is None:
            return args
        standby: dict[str, Any] = {"way": way, "promoted": recovering.promoted, "generation": recovering.generation}
        if primary is None:
            # The way back: user and password are still those that this stack has made.
            standby |= {"region": str(recovering.restore_from).split(":")[3], "instance_arn": recovering.restore_from}
        else:
            standby["region"] = primary.region
            if not recovering.own_passwords:
                standby["secret_arn"] = primary.database_secret_arn
                if settings.database.users:
                    standby["user_secret_arns"] = primary.database_user_secret_arns.apply(_by_name)
            if way == "replica":
                standby["instance_arn"] = primary.database_arn
            elif way == "backups":
                standby["automated_backups_arn"] = primary.database_backups_replication_arn
            else:
                standby |= {
                    "secret_key_arn": primary.database_copies_key_arn,
                    "security_group_id": primary.database_security_group_id,
                    "cidr": recovering.primary_cidr,
                    "own_cidr": cidr,
                    "tested": recovering.fed,
                }
        return args | {"standby_for": standby}

    def files(self) -> dict[str, Any]:
        """What HybridStorage gets to be one of two: the files of the primary, which nobody writes here until it takes over.

        Once the primary has been taken down for good, there is no bucket left to replicate.
        """
        settings, primary = self._settings, self._primary
        args: dict[str, Any] = {"read_only": recovery.stands_by(settings)}
        if primary is None or settings.disaster_recovery.primary_outputs:
            return args
        recovering = settings.disaster_recovery
        return args | {
            "replicate_from": {
                "bucket_name": primary.bucket_name,
                "bucket_arn": primary.bucket_arn,
                "kms_key_arn": primary.bucket_kms_key_arn,
                "region": primary.region,
                "delete_markers": recovering.delete_markers,
                "replica_modifications": recovering.replica_modifications,
                "replication_time_control": recovering.replication_time_control,
                "reverse": recovering.reverse_replication,
            },
        }

    def platform(self) -> dict[str, Any]:
        """What ContainerPlatform gets to be one of two: hosts and copies as the mode has them, repositories of the other."""
        settings = self._settings
        return {
            **recovery.instances(settings),
            "workloads": recovery.workloads(settings),
            "image_copies_region": settings.secondary_region,
            "repositories_exist": self._primary is not None,
        }

    def management(self, replication_rule_id: str | None) -> dict[str, Any]:
        """What Management gets to be one of two: where backups are copied, and how far the files are behind."""
        settings, primary = self._settings, self._primary
        args: dict[str, Any] = {
            "backup_copies_region": settings.secondary_region,
            "backup_paused": recovery.stands_by(settings),
            "files_copied": settings.secondary_region is not None or settings.disaster_recovery.reverse_replication,
        }
        if primary and replication_rule_id:
            args["files_source"] = {"bucket_name": primary.bucket_name, "rule_id": replication_rule_id}
        return args


def _by_name(arns: Any) -> Any:
    """The secrets of users by name; what `disasterRecovery.primaryOutputs` keeps of a primary is text."""
    return json.loads(arns) if isinstance(arns, str) else arns
