"""EC2: network cards."""

from rehearsal.row import Read, Row, Table

ROWS: Table = {
    "aws:ec2/networkInterface:NetworkInterface": Row(
        "ec2",
        "CreateNetworkInterface",
        id="$response.NetworkInterface.NetworkInterfaceId",
        tag_resource="network-interface",
        inputs={"securityGroups": "Groups"},
        read=(
            Read(
                "DescribeNetworkInterfaces",
                {"NetworkInterfaceIds": ["$id"]},
                "NetworkInterfaces[0]",
                fields={"securityGroups": "Groups[].GroupId"},
            ),
        ),
    ),
}
