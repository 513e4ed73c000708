"""Where alarms are told: the topic that people and their tools subscribe to, and channels of chat."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from components.management import policies
from components.management.args import Common, SlackArgs, TeamsArgs

NOT_A_SUCCESS = {"State": [{"exists": False}, {"anything-but": ["COMPLETED"]}]}
"""AWS Backup says in the attribute State how a job ended; alarms have no such attribute."""


class TopicArgs(Common):
    """What AlarmTopic takes."""

    key_arn: pulumi.Input[str]
    """The KMS key of the messages."""
    emails: Sequence[str]
    """Addresses that subscribe."""
    urls: Sequence[pulumi.Input[str]]
    """HTTPS endpoints that subscribe."""


class AlarmTopic(pulumi.ComponentResource):
    """Whoever subscribes hears of every alarm, and of every backup or restore that did not succeed."""

    arn: pulumi.Output[str]
    """The topic, ready to be published to."""

    def __init__(self, name: str, args: TopicArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("hybridge:index:AlarmTopic", name, {**args}, opts)
        child = pulumi.ResourceOptions(parent=self)
        topic = aws.sns.Topic(
            name,
            display_name="Hybridge alarms",
            kms_master_key_id=args["key_arn"],
            tags={**args["tags"], "Name": name},
            region=args["region"],
            opts=child,
        )
        policy = aws.sns.TopicPolicy(
            name,
            arn=topic.arn,
            policy=pulumi.Output.all(topic.arn, args["account"]).apply(
                lambda given: json.dumps(policies.topic_policy(given[0], given[1]))
            ),
            region=args["region"],
            opts=child,
        )
        for subscriber, protocol, endpoint in _subscribers(args):
            aws.sns.TopicSubscription(
                f"{name}-{subscriber}",
                topic=topic.arn,
                protocol=protocol,
                endpoint=endpoint,
                filter_policy=json.dumps(NOT_A_SUCCESS),
                region=args["region"],
                opts=child,
            )
        # What is published before the policy stands is lost, so whoever takes the ARN waits for the policy.
        self.arn = policy.arn
        self.register_outputs({"arn": self.arn})


def _subscribers(args: TopicArgs) -> Iterator[tuple[str, str, pulumi.Input[str]]]:
    """Each subscriber: what it is called here, the protocol, the endpoint."""
    for address in args["emails"]:
        yield address, "email", address
    for position, url in enumerate(args["urls"], start=1):
        # By position, for such an address has a key in it that is for nobody else to see.
        yield f"url-{position}", "https", url


class ChatArgs(Common):
    """What Chat takes."""

    key_arn: pulumi.Input[str]
    """The KMS key of the messages."""
    slack: SlackArgs | None
    """A channel of Slack."""
    teams: TeamsArgs | None
    """A channel of Microsoft Teams."""


class Chat(pulumi.ComponentResource):
    """Channels of Slack and Microsoft Teams hear of every alarm and failure, through Amazon Q Developer in chat applications.

    Their topic is their own, for that service drops what is told in plain words, which people at the other topic want.
    https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifications.html
    """

    topic_arn: pulumi.Output[str]
    """The topic of the channels."""

    def __init__(self, name: str, args: ChatArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("hybridge:index:Chat", name, {**args}, opts)
        child = pulumi.ResourceOptions(parent=self)
        common: Common = {
            "region": args["region"],
            "tags": args["tags"],
            "account": args["account"],
            "partition": args["partition"],
        }
        topic = AlarmTopic(f"{name}-topic", {**common, "key_arn": args["key_arn"], "emails": (), "urls": ()}, child)
        role = aws.iam.Role(
            f"{name}-role",
            description="Amazon Q Developer takes a role for a channel; this one may do nothing",
            assume_role_policy=json.dumps(policies.trust("chatbot.amazonaws.com")),
            tags={**args["tags"], "Name": f"{name}-role"},
            opts=child,
        )
        shared: dict[str, Any] = {
            "configuration_name": f"{pulumi.get_project()}-{pulumi.get_stack()}-alarms",
            "iam_role_arn": role.arn,
            "sns_topic_arns": [topic.arn],
            # Left out it would be AdministratorAccess: the channel is told things, nobody runs anything from there.
            "guardrail_policy_arns": [pulumi.Output.concat("arn:", args["partition"], ":iam::aws:policy/AWSDenyAll")],
            "tags": {**args["tags"], "Name": name},
            "region": args["region"],
        }
        if slack := args["slack"]:
            aws.chatbot.SlackChannelConfiguration(
                name, slack_team_id=slack["workspace_id"], slack_channel_id=slack["channel_id"], **shared, opts=child
            )
        if teams := args["teams"]:
            aws.chatbot.TeamsChannelConfiguration(
                name,
                tenant_id=teams["tenant_id"],
                team_id=teams["team_id"],
                channel_id=teams["channel_id"],
                **shared,
                # The provider thinks that it can change them in place; the operation that it calls takes neither.
                opts=pulumi.ResourceOptions(
                    parent=self,
                    replace_on_changes=["configurationName", "teamId", "tenantId"],
                    delete_before_replace=True,
                ),
            )
        self.topic_arn = topic.arn
        self.register_outputs({"topic_arn": self.topic_arn})
