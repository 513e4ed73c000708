"""Amazon Q Developer in chat applications: channels of Slack. moto has none of it."""

from typing import Any

from rehearsal.extend import Call, Refuse, operation


@operation("chatbot", "CreateSlackChannelConfiguration")
def create_slack_channel_configuration(call: Call) -> dict[str, Any]:
    """One name once, a channel once, a role that may be assumed, topics that are there."""
    params = call.params
    arn = f"arn:aws:chatbot::{call.account}:chat-configuration/slack-channel/{params['ConfigurationName']}"
    channels = [(one["SlackTeamId"], one["SlackChannelId"]) for one in call.state["channels"].values()]
    if arn in call.state["channels"] or (params["SlackTeamId"], params["SlackChannelId"]) in channels:
        raise Refuse("ConflictException", "A configuration of this name, or for this channel, exists already.")
    roles = {role.arn: role for role in call.backend("iam").roles.values()}
    role = roles.get(params["IamRoleArn"])
    if role is None or "chatbot.amazonaws.com" not in str(role.assume_role_policy_document):
        raise Refuse("InvalidParameterException", f"The role cannot be assumed: {params['IamRoleArn']}")
    for topic in params.get("SnsTopicArns", []):
        if topic not in call.backend("sns", topic.split(":")[3]).topics:
            raise Refuse("InvalidParameterException", f"The topic does not exist: {topic}")
    call.state["channels"][arn] = {
        **params,
        "ChatConfigurationArn": arn,
        "SlackTeamName": params["SlackTeamId"].lower(),
        "SlackChannelName": params["SlackChannelId"].lower(),
        "State": "ENABLED",
    }
    return {"ChannelConfiguration": call.state["channels"][arn]}


@operation("chatbot", "DescribeSlackChannelConfigurations")
def describe_slack_channel_configurations(call: Call) -> dict[str, Any]:
    """All, or the one with this ARN."""
    wanted = call.params.get("ChatConfigurationArn")
    found = [one for arn, one in call.state["channels"].items() if wanted in (None, arn)]
    return {"SlackChannelConfigurations": found}


@operation("chatbot", "UpdateSlackChannelConfiguration")
def update_slack_channel_configuration(call: Call) -> dict[str, Any]:
    """What is given is changed."""
    found = _found(call)
    found |= call.params
    return {"ChannelConfiguration": found}


@operation("chatbot", "DeleteSlackChannelConfiguration")
def delete_slack_channel_configuration(call: Call) -> dict[str, Any]:
    """The channel hears no more."""
    del call.state["channels"][_found(call)["ChatConfigurationArn"]]
    return {}


def _found(call: Call) -> dict[str, Any]:
    arn = call.params["ChatConfigurationArn"]
    if arn not in call.state["channels"]:
        raise Refuse("ResourceNotFoundException", f"There is no configuration {arn}.")
    found: dict[str, Any] = call.state["channels"][arn]
    return found
