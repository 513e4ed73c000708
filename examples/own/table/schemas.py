"""EventBridge schemas: registries. The emulator has nothing of them; extensions/schemas.py adds what is needed."""

from rehearsal.row import Read, Row, Table

ROWS: Table = {
    "aws:schemas/registry:Registry": Row(
        "schemas",
        "CreateRegistry",
        id="$inputs.name",
        extended=True,
        autoname="name",
        inputs={"name": "RegistryName"},
        read=(Read("DescribeRegistry", {"RegistryName": "$id"}, "@", fields={"name": "RegistryName"}),),
        outputs={"arn": "$read.RegistryArn"},
    ),
}
