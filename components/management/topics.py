"""Where alarms are told: the topic that people and their tools subscribe to, and a channel of Slack."""

import json
from collections.abc import Iterator, Sequence

import pulumi
import pulumi_aws as aws

from components.management import policies
from components.management.args import Common, SlackArgs

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
    slack: SlackArgs
    """The channel."""


class Chat(pulumi.ComponentResource):
    """A channel of Slack hears of every alarm and every failure, through Amazon Q Developer in chat applications.

    Its topic is its own, for that service drops what is told in plain words, which people at the other topic want.
    https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifications.html
    """

    topic_arn: pulumi.Output[str]
    """The topic of the channel."""

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
        aws.chatbot.SlackChannelConfiguration(
            name,
            configuration_name=f"{pulumi.get_project()}-{pulumi.get_stack()}-alarms",
            iam_role_arn=role.arn,
            slack_team_id=args["slack"]["workspace_id"],
            slack_channel_id=args["slack"]["channel_id"],
            sns_topic_arns=[topic.arn],
            # Left out it would be AdministratorAccess: the channel is told things, nobody runs anything from there.
            guardrail_policy_arns=[pulumi.Output.concat("arn:", args["partition"], ":iam::aws:policy/AWSDenyAll")],
            tags={**args["tags"], "Name": name},
            region=args["region"],
            opts=child,
        )
        self.topic_arn = topic.arn
        self.register_outputs({"topic_arn": self.topic_arn})
