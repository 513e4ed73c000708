"""Amazon Q Developer in chat applications: channels of Slack and Microsoft Teams. moto has none of it."""

from typing import Any

from rehearsal.extend import Call, Refuse, operation

SLACK, TEAMS = "slack-channel", "microsoft-teams-channel"
"""What an ARN says of the kind of channel."""


def _create(call: Call, kind: str, channel: tuple[str, ...], shown: dict[str, str]) -> dict[str, Any]:
    """One name once, a channel once, a role that may be assumed, topics that are there."""
    params = call.params
    arn = f"arn:aws:chatbot::{call.account}:chat-configuration/{kind}/{params['ConfigurationName']}"
    taken = [tuple(one.get(key) for key in channel) for one in _of(call, kind).values()]
    if arn in call.state["channels"] or tuple(params[key] for key in channel) in taken:
        raise Refuse("ConflictException", "A configuration of this name, or for this channel, exists already.")
    roles = {role.arn: role for role in call.backend("iam").roles.values()}
    role = roles.get(params["IamRoleArn"])
    if role is None or "chatbot.amazonaws.com" not in str(role.assume_role_policy_document):
        raise Refuse("InvalidParameterException", f"The role cannot be assumed: {params['IamRoleArn']}")
    for topic in params.get("SnsTopicArns", []):
        if topic not in call.backend("sns", topic.split(":")[3]).topics:
            raise Refuse("InvalidParameterException", f"The topic does not exist: {topic}")
    call.state["channels"][arn] = {**params, **shown, "ChatConfigurationArn": arn, "State": "ENABLED"}
    return {"ChannelConfiguration": call.state["channels"][arn]}


def _of(call: Call, kind: str) -> dict[str, dict[str, Any]]:
    return {arn: one for arn, one in call.state["channels"].items() if f"/{kind}/" in arn}


@operation("chatbot", "CreateSlackChannelConfiguration")
def create_slack_channel_configuration(call: Call) -> dict[str, Any]:
    """A channel of Slack."""
    names = {"SlackTeamName": "SlackTeamId", "SlackChannelName": "SlackChannelId"}
    shown = {name: call.params[key].lower() for name, key in names.items()}
    return _create(call, SLACK, ("SlackTeamId", "SlackChannelId"), shown)


@operation("chatbot", "CreateMicrosoftTeamsChannelConfiguration")
def create_teams_channel_configuration(call: Call) -> dict[str, Any]:
    """A channel of Microsoft Teams."""
    return _create(call, TEAMS, ("TenantId", "TeamId", "ChannelId"), {})


@operation("chatbot", "GetMicrosoftTeamsChannelConfiguration")
def get_teams_channel_configuration(call: Call) -> dict[str, Any]:
    """The one with this ARN."""
    return {"ChannelConfiguration": _found(call)}


@operation("chatbot", "ListMicrosoftTeamsChannelConfigurations")
def list_teams_channel_configurations(call: Call) -> dict[str, Any]:
    """All, or those of a team."""
    wanted = call.params.get("TeamId")
    return {"TeamChannelConfigurations": [one for one in _of(call, TEAMS).values() if wanted in (None, one["TeamId"])]}


@operation("chatbot", "DescribeSlackChannelConfigurations")
def describe_slack_channel_configurations(call: Call) -> dict[str, Any]:
    """All, or the one with this ARN."""
    wanted = call.params.get("ChatConfigurationArn")
    found = [one for arn, one in _of(call, SLACK).items() if wanted in (None, arn)]
    return {"SlackChannelConfigurations": found}


@operation("chatbot", "UpdateMicrosoftTeamsChannelConfiguration")
def update_teams_channel_configuration(call: Call) -> dict[str, Any]:
    """What is given is changed; team, tenant and name are not among it."""
    return _updated(call)


@operation("chatbot", "DeleteMicrosoftTeamsChannelConfiguration")
def delete_teams_channel_configuration(call: Call) -> dict[str, Any]:
    """The channel hears no more."""
    return _deleted(call)


@operation("chatbot", "UpdateSlackChannelConfiguration")
def update_slack_channel_configuration(call: Call) -> dict[str, Any]:
    """What is given is changed."""
    return _updated(call)


@operation("chatbot", "DeleteSlackChannelConfiguration")
def delete_slack_channel_configuration(call: Call) -> dict[str, Any]:
    """The channel hears no more."""
    return _deleted(call)


def _updated(call: Call) -> dict[str, Any]:
    found = _found(call)
    found |= call.params
    return {"ChannelConfiguration": found}


def _deleted(call: Call) -> dict[str, Any]:
    del call.state["channels"][_found(call)["ChatConfigurationArn"]]
    return {}


def _found(call: Call) -> dict[str, Any]:
    arn = call.params["ChatConfigurationArn"]
    if arn not in call.state["channels"]:
        raise Refuse("ResourceNotFoundException", f"There is no configuration {arn}.")
    found: dict[str, Any] = call.state["channels"][arn]
    return found
