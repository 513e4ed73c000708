"""`hybridge new`: write the stack file of a new environment, and rehearse it."""

import re
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.shared import BUILD, Build, root, run
from rehearsal.usage import UsageError, writable

STACK_NAME = r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}"

Name = Annotated[str, typer.Argument(metavar="STACK", help="What the environment is called: Pulumi.STACK.yaml is written.")]
Text = Annotated[str, typer.Option(show_default=False)]


def _option(flag: str, metavar: str, text: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(flag, metavar=metavar, help=text, show_default=False)
    return option


def command(
    stack: Name,
    *,
    region: Annotated[str, _option("--region", "REGION", "The AWS region.")] = "",
    cidr: Annotated[str, _option("--cidr", "CIDR", "The network in AWS, /16 to /23.")] = "",
    on_premises: Annotated[list[str] | None, _option("--on-premises", "CIDR", "A network of the data centre. *")] = None,
    size: Annotated[str, _option("--size", "SIZE", "small (one of most things), medium or large (nothing single).")] = "",
    zone: Annotated[list[str] | None, _option("--zone", "ZONE", "An availability zone. Else the first ones. *")] = None,
    domain: Annotated[str, _option("--domain", "DOMAIN", "What the DNS servers of the data centre know.")] = "",
    dns_server: Annotated[list[str] | None, _option("--dns-server", "ADDRESS", "One of these servers. *")] = None,
    router: Annotated[
        list[str] | None, _option("--router", "NAME=ADDRESS/ASN", "A router of the data centre, where the VPN ends. *")
    ] = None,
    circuit: Annotated[
        list[str] | None, _option("--circuit", "NAME=LOCATION/BANDWIDTH", "A Direct Connect circuit to order. *")
    ] = None,
    time_zone: Annotated[str, _option("--time-zone", "ZONE", "Of nights and weekends. Else the region's.")] = "",
    email: Annotated[list[str] | None, _option("--email", "ADDRESS", "Who gets alarms. *")] = None,
    certificate: Annotated[str, _option("--certificate", "ARN", "Of ACM, for the load balancer.")] = "",
    secondary_region: Annotated[str, _option("--secondary-region", "REGION", "Where a second stack, STACK-dr, waits.")] = "",
    secondary_cidr: Annotated[str, _option("--secondary-cidr", "CIDR", "The network there. Else the next block.")] = "",
    secondary_zone: Annotated[list[str] | None, _option("--secondary-zone", "ZONE", "A zone there. *")] = None,
    secondary_certificate: Annotated[str, _option("--secondary-certificate", "ARN", "Of ACM, there.")] = "",
    compose: Annotated[
        Path | None, _option("--compose", "FILE", "A compose file, whose services become the workloads.")
    ] = None,
    project: Annotated[str, _option("--project", "NAME", "Of a new project. Else the folder's name.")] = "",
    rehearse: Annotated[bool, typer.Option(help="Rehearse what was written, with all proofs.")] = True,
    build: Build = BUILD,
) -> None:
    """Write the stack file of a new environment, with what differs from the defaults, and rehearse it.

    In a folder without a Pulumi.yaml it begins a project of one's own, which takes Hybridge as a package.

    What no option says is asked for on a terminal. Options marked * may be repeated.
    """

    def work(console: Console) -> int:
        from cli.starting import check
        from cli.starting.answers import Answers, Circuit, Router, completed, missing
        from cli.starting.asking import ask

        _free(stack)
        try:
            answers = Answers(
                stack=stack,
                region=region,
                size=size,
                cidr=cidr,
                zones=zone or [],
                on_premises=on_premises or [],
                domain=domain,
                dns_servers=dns_server or [],
                routers=[Router.parse(one) for one in router or []],
                circuits=[Circuit.parse(one) for one in circuit or []],
                time_zone=time_zone,
                emails=email or [],
                certificate=certificate,
                secondary_region=secondary_region,
                secondary_cidr=secondary_cidr,
                secondary_zones=secondary_zone or [],
                secondary_certificate=secondary_certificate,
            )
        except ValueError as error:
            raise UsageError(str(error)) from error
        name = _project(project)
        if compose:
            from cli.starting.compose import workloads_of

            answers.workloads, notes = workloads_of(compose)
            for note in notes:
                console.print(f"[yellow]note[/] {note}", highlight=False)
        if missing(answers) and sys.stdin.isatty():
            ask(console, answers, name)
        if left := missing(answers):
            raise UsageError(f"not said: {', '.join(left)}; give these options, or run it on a terminal, which asks")
        completed(answers)
        if found := check.mistakes(answers, name):
            raise UsageError(check.told(found, answers, name))
        written = check.files(answers, name)
        for one in written:
            _free(one)
        if not (root() / "Pulumi.yaml").exists():
            from cli.starting.project import write

            console.print(f"project {name}: {', '.join(write(root(), name))}", highlight=False)
        for one, text in written.items():
            (root() / f"Pulumi.{one}.yaml").write_text(text, encoding="utf-8")
            console.print(f"Pulumi.{one}.yaml written, {len(text.splitlines())} lines", highlight=False)
        if not rehearse:
            return 0
        writable(build)

        from cli.checked import checked
        from cli.deploying import Way, rehearsed
        from rehearsal.emulator import Emulator

        files, _ = checked(console, list(written), root())
        with Emulator() as aws:
            good = rehearsed(console, aws, files, Way(root(), build))
        again = f"hybridge rehearse {' '.join(written)}"
        console.print(
            f"edit Pulumi.{stack}.yaml, and then: {again}; docs/first-environment.md goes on from here", highlight=False
        )
        return 0 if good else 1

    run(work)


def _free(stack: str) -> None:
    if not re.fullmatch(STACK_NAME, stack):
        raise UsageError(f"stack {stack!r}: up to 63 letters, digits, hyphens and underscores; choose another name")
    if (root() / f"Pulumi.{stack}.yaml").exists():
        raise UsageError(f"stack {stack}: Pulumi.{stack}.yaml is there already; choose another name, or remove that file first")


def _project(asked: str) -> str:
    """The name of the project: its own, or that of the one to begin here."""
    from cli.starting.project import name_of
    from stackfiles import document

    if not (root() / "Pulumi.yaml").exists():
        return name_of(root(), asked)
    name = document(root() / "Pulumi.yaml").get("name")
    if not isinstance(name, str):
        raise UsageError("Pulumi.yaml has no name; run it in the project's folder")
    return name
