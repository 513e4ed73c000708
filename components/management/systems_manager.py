"""Systems Manager over EC2 and on-premises nodes alike: sessions, agents, inventory, diagnostics."""

import json
from collections.abc import Mapping
from typing import Literal, NotRequired

import pulumi
import pulumi_aws as aws

from components.management import documents, policies
from components.management.args import Common, SessionsArgs


class SystemsManagerArgs(Common):
    """What SystemsManager takes."""

    account_settings: Literal["create", "adopt"]
    """Whether what exists once per account and region is made here."""
    advanced_tier: bool
    """Whether on-premises nodes are advanced instances."""
    sessions: SessionsArgs
    """What holds for sessions."""
    log_retention_days: int
    """Days for which logs are kept."""
    key_arn: pulumi.Input[str]
    """The KMS key of sessions and logs."""
    patch_group: str
    """The value of the tag `PatchGroup` of the hosts."""
    probes: NotRequired[Mapping[str, pulumi.Input[str]]]
    """What every host should reach."""
    roles: Mapping[str, pulumi.Input[str]]
    """The names of the hosts' roles, by side."""


class SystemsManager(pulumi.ComponentResource):
    """Hosts of either side keep agents current, report metrics and inventory, and are entered and examined the same way."""

    command_log_group_name: pulumi.Output[str]
    """Where the output of commands goes."""
    session_log_group_name: pulumi.Output[str]
    """Where sessions are recorded."""
    diagnostics_document_name: pulumi.Output[str]
    """The Run Command document that tells what a host sees."""
    association_ids: list[pulumi.Output[str]]
    """What keeps the agents current."""

    def __init__(self, name: str, args: SystemsManagerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("hybridge:index:SystemsManager", name, {**args}, opts)
        self.child = pulumi.ResourceOptions(parent=self)
        self.args = args

        sessions, commands = (self._log_group(f"{name}-{purpose}") for purpose in ("sessions", "commands"))
        permissions = self._permissions(name, [sessions, commands])
        if args["account_settings"] == "create":
            self._once_per_account(name, sessions)
        self.association_ids = self._associations(name, permissions)
        diagnostics = self._document(
            f"{name}-diagnostics", documents.diagnostics_document(args.get("probes", {}), region=args["region"])
        )

        self.session_log_group_name = sessions.name
        self.command_log_group_name = commands.name
        self.diagnostics_document_name = diagnostics.name
        self.register_outputs(
            {
                "session_log_group_name": self.session_log_group_name,
                "command_log_group_name": self.command_log_group_name,
                "diagnostics_document_name": self.diagnostics_document_name,
            }
        )

    def _log_group(self, name: str) -> aws.cloudwatch.LogGroup:
        args = self.args
        return aws.cloudwatch.LogGroup(
            name,
            kms_key_id=args["key_arn"],
            retention_in_days=args["log_retention_days"],
            tags={**args["tags"], "Name": name},
            region=args["region"],
            opts=self.child,
        )

    def _permissions(self, name: str, log_groups: list[aws.cloudwatch.LogGroup]) -> list[pulumi.Resource]:
        args = self.args
        policy = pulumi.Output.all(
            args["partition"], args["account"], args["key_arn"], *(group.arn for group in log_groups)
        ).apply(
            lambda given: json.dumps(
                policies.node_policy(
                    partition=given[0],
                    account=given[1],
                    region=args["region"],
                    key_arn=given[2],
                    log_group_arns=[str(arn) for arn in given[3:]],
                )
            )
        )
        made: list[pulumi.Resource] = []
        for side, role in args["roles"].items():
            made += [
                aws.iam.RolePolicy(f"{name}-{side}", role=role, policy=policy, opts=self.child),
                aws.iam.RolePolicyAttachment(
                    f"{name}-{side}-agent",
                    role=role,
                    policy_arn=pulumi.Output.concat("arn:", args["partition"], ":iam::aws:policy/CloudWatchAgentServerPolicy"),
                    opts=self.child,
                ),
            ]
        return made

    def _once_per_account(self, name: str, sessions: aws.cloudwatch.LogGroup) -> None:
        args, wanted = self.args, self.args["sessions"]
        aws.ebs.EncryptionByDefault(
            f"{name}-volumes",
            enabled=True,
            region=args["region"],
            # To delete it is to switch it off, for everybody in the account.
            opts=pulumi.ResourceOptions(parent=self, retain_on_delete=True),
        )
        if args["advanced_tier"]:
            aws.ssm.ServiceSetting(
                f"{name}-tier",
                setting_id=pulumi.Output.concat(
                    "arn:",
                    args["partition"],
                    f":ssm:{args['region']}:",
                    args["account"],
                    ":servicesetting/ssm/managed-instance/activation-tier",
                ),
                setting_value="advanced",
                region=args["region"],
                opts=self.child,
            )
        aws.ssm.Document(
            f"{name}-sessions",
            name=documents.SESSION_DOCUMENT,
            document_type="Session",
            document_format="JSON",
            content=pulumi.Output.json_dumps(
                documents.session_preferences(
                    log_group=sessions.name,
                    key=args["key_arn"],
                    idle_minutes=wanted["idle_minutes"],
                    max_minutes=wanted["max_minutes"],
                    run_as=wanted.get("run_as_user"),
                )
            ),
            tags={**args["tags"], "Name": documents.SESSION_DOCUMENT},
            region=args["region"],
            opts=self.child,
        )

    def _document(self, name: str, content: documents.Document) -> aws.ssm.Document:
        args = self.args
        return aws.ssm.Document(
            name,
            document_type="Command",
            document_format="JSON",
            content=pulumi.Output.json_dumps(content),
            tags={**args["tags"], "Name": name},
            region=args["region"],
            opts=self.child,
        )

    def _associations(self, name: str, permissions: list[pulumi.Resource]) -> list[pulumi.Output[str]]:
        args = self.args
        configuration = aws.ssm.Parameter(
            f"{name}-agent",
            name=documents.AGENT_PARAMETER.format(name=args["patch_group"]),
            description="Configuration of the CloudWatch agent on both sides",
            type="String",
            tier="Standard",
            insecure_value=json.dumps(documents.agent_configuration(region=args["region"], fleet=args["patch_group"])),
            tags={**args["tags"], "Name": f"{name}-agent"},
            region=args["region"],
            opts=self.child,
        )
        agent = self._document(f"{name}-agent", documents.agent_document(region=args["region"]))

        # Associations run as soon as they exist; on a host whose role may not yet do what they ask they would fail, and wait
        # for their next turn.
        ready = pulumi.ResourceOptions.merge(self.child, pulumi.ResourceOptions(depends_on=permissions))
        every: dict[str, tuple[pulumi.Input[str], str, Mapping[str, pulumi.Input[str]] | None]] = {
            "update": ("AWS-UpdateSSMAgent", "rate(7 days)", None),
            "inventory": (
                "AWS-GatherSoftwareInventory",
                "rate(12 hours)",
                dict.fromkeys(
                    ("applications", "awsComponents", "networkConfig", "instanceDetailedInformation", "customInventory"),
                    "Enabled",
                ),
            ),
            "agent": (agent.name, "rate(7 days)", {"configuration": configuration.name}),
        }
        return [
            aws.ssm.Association(
                f"{name}-{purpose}",
                association_name=f"{args['patch_group']}-{purpose}",
                name=document,
                parameters=parameters,
                schedule_expression=schedule,
                targets=[{"key": "tag:PatchGroup", "values": [args["patch_group"]]}],
                # A bad version of an agent stops at the first tenth of the hosts.
                max_concurrency="10%",
                max_errors="10%",
                compliance_severity="MEDIUM",
                tags={**args["tags"], "Name": f"{name}-{purpose}"},
                region=args["region"],
                opts=ready,
            ).id
            for purpose, (document, schedule, parameters) in every.items()
        ]
