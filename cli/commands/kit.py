"""`hybridge kit`: what the data centre's owners type, written from settings and from what was deployed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from cli.shared import known, root, run
from rehearsal.stackfile import StackFile
from rehearsal.usage import UsageError, stacks_of, writable

Stack = Annotated[str, typer.Argument(metavar="STACK", help="Whose data centre it is.", autocompletion=known)]
Part = Annotated[
    str | None, typer.Argument(metavar="PART", help="routers, names, firewall, servers, files or backup; left out: all.")
]
Also = Annotated[
    list[str] | None,
    typer.Option("--with", metavar="STACK", help="The secondary, whose tunnels end at the same routers.", autocompletion=known),
]
Outputs = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="FILE",
        help="What `pulumi stack output --show-secrets --json` wrote, one for each stack. Left out: a rehearsal's, to look at.",
    ),
]
Diff = Annotated[bool, typer.Option("--diff", help="Write nothing; show what differs from what was written last.")]
To = Annotated[Path, typer.Option("--to", metavar="FOLDER", help="Where the kit goes, in a folder named as the stack.")]


def command(
    stack: Stack,
    part: Part = None,
    *,
    also: Also = None,
    outputs: Outputs = None,
    diff: Diff = False,
    to: To = Path("build/onpremises"),
) -> None:
    """Write what the data centre's owners type: routers, name servers, firewall, servers, gateway. Files with secrets are
    0600."""

    def work(console: Console) -> int:
        files = stacks_of([stack, *(also or [])], root())

        from onpremises.facts import Missing
        from onpremises.kit import PARTS, changes, made, write

        if part is not None and part not in PARTS:
            raise UsageError(f"{part}: no part of the kit; one of {', '.join(PARTS)}")
        if outputs and len(outputs) != len(files):
            raise UsageError(f"--outputs: {len(outputs)} files for {len(files)} stacks; give one for each, in their order")
        parts = [part] if part else list(PARTS)
        try:
            facts = _deployed(files, outputs) if outputs else _rehearsed(console, files)
            kit = made(facts, parts)
        except Missing as missing:
            raise UsageError(str(missing)) from None
        folder = to / files[0].stack
        if diff:
            return _show(console, list(changes(kit, folder, parts)))
        write(kit, writable(folder), parts)
        for name in parts:
            mine = [one for one in kit if one.path.startswith(f"{name}/")]
            hidden = sum(one.secret for one in mine)
            console.print(f"  {name:9} {len(mine):3} files" + (f", {hidden} with secrets (mode 0600)" if hidden else ""))
        where = "from a rehearsal: addresses and keys are made up" if not outputs else "from the outputs of the stack"
        console.print(f"{folder}, {where}", highlight=False)
        return 0

    run(work)


def _show(console: Console, found: list[tuple[str, list[str]]]) -> int:
    for path, lines in found:
        console.print(path, style="bold", highlight=False)
        for line in lines:
            colour = "green" if line.lstrip().startswith("+") else "red" if line.lstrip().startswith("-") else None
            console.print(f"  {line}", style=colour, highlight=False, markup=False)
    counted = "1 file differs" if len(found) == 1 else f"{len(found)} files differ"
    console.print(counted if found else "nothing differs from what was written last")
    return 1 if found else 0


def _facts(files: list[StackFile], outputs: list[dict[str, Any]], secret: Callable[[str, str], dict[str, str]]) -> Any:
    from components.settings import SettingsError
    from onpremises.facts import Region, facts
    from proofs.settings_of import settings_of

    try:
        regions = [Region(file.stack, settings_of(file), told, file.project) for file, told in zip(files, outputs, strict=True)]
    except SettingsError as error:
        raise UsageError(str(error)) from None
    return facts(regions, secret)


def _rehearsed(console: Console, files: list[StackFile]) -> Any:
    """Facts of stacks deployed into an emulated account."""
    from cli.deploying import quietly
    from rehearsal.emulator import Emulator

    with Emulator() as aws:
        done = quietly(console, aws, files, root())

        def secret(arn: str, region: str) -> dict[str, str]:
            told = aws.call("secretsmanager", "GetSecretValue", {"SecretId": arn}, region=region)
            return {str(key): str(value) for key, value in json.loads(told["SecretString"]).items()}

        return _facts(files, [done[file.stack].outputs for file in files], secret)


def _deployed(files: list[StackFile], paths: list[Path]) -> Any:
    """Facts of stacks that stand, by their outputs; the tunnels' keys by the credentials of whoever asks."""
    told = []
    for path in paths:
        try:
            told.append(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            raise UsageError(f"--outputs {path}: {error}; pulumi stack output --show-secrets --json > {path}") from None

    def secret(arn: str, region: str) -> dict[str, str]:
        import boto3
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            value = boto3.client("secretsmanager", region_name=region).get_secret_value(SecretId=arn)["SecretString"]
        except (BotoCoreError, ClientError) as error:
            raise UsageError(f"the pre-shared keys in {arn}: {error}; set AWS_PROFILE to who may read them") from None
        return {str(key): str(one) for key, one in json.loads(value).items()}

    return _facts(files, told, secret)
