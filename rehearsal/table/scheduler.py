"""EventBridge Scheduler: schedules that start tasks of ECS, in groups."""

from rehearsal.row import Call, Read, Row, Table, Update

_ONE = {"Name": "$inputs.name", "GroupName": "$inputs.groupName"}

ROWS: Table = {
    "aws:scheduler/scheduleGroup:ScheduleGroup": Row(
        service="scheduler",
        create="CreateScheduleGroup",
        id="$inputs.name",
        delete=(Call("DeleteScheduleGroup", {"Name": "$id"}),),
        autoname="name",
        read=(
            Read("GetScheduleGroup", {"Name": "$id"}, "@"),
            Read("ListTagsForResource", {"ResourceArn": "$read.Arn"}, "@", fields={"tags": "Tags"}),
        ),
        outputs={"arn": "$read.Arn"},
    ),
    "aws:scheduler/schedule:Schedule": Row(
        service="scheduler",
        create="CreateSchedule",
        id=lambda c: f"{c.inputs['groupName']}/{c.inputs['name']}",
        delete=(Call("DeleteSchedule", _ONE),),
        # What is left out of an update is set to its default: the request is that of the creation.
        update=(Update("UpdateSchedule", _ONE),),
        autoname="name",
        read=(Read("GetSchedule", _ONE, "@"),),
        outputs={"arn": "$read.Arn"},
        extended=True,
    ),
}
