"""`hybridge price`: what AWS bills of stacks, and at which price today."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from cli.checked import checked
from cli.shared import Stacks, root, run
from rehearsal.lines import say
from rehearsal.stackfile import StackFile
from rehearsal.usage import UsageError, writable

if TYPE_CHECKING:
    from report.bill import Billed, Priced

MODES = {
    "warm standby": "+mode=warm-standby",
    "active": "+mode=active+primaryState=stopped+disasterRecovery.promoted=true",
}
"""What a second region costs in its other modes: the edits that lead there."""

Build = Annotated[Path, typer.Option("--build", metavar="FOLDER", help="Where answers of AWS are kept, for thirty days.")]
Quantities = Annotated[bool, typer.Option("--quantities", help="Ask AWS nothing: what is billed, without prices.")]
Modes = Annotated[bool, typer.Option("--modes", help="The last stack, a second region, in each of its modes.")]
Json = Annotated[bool, typer.Option("--json", help="For machines.")]


def command(
    stacks: Stacks,
    quantities: Quantities = False,
    modes: Modes = False,
    as_json: Json = False,
    build: Build = Path("build/prices"),
) -> None:
    """Rehearse stacks, and say what AWS bills of them by the hour and the month, at the prices of its Price List today.

    AWS is asked with your credentials (pricing:GetProducts); nothing of the stacks is sent. What is billed by use is named.
    """

    def work(console: Console) -> int:
        others = [f"{stacks[-1]}{edit}" for edit in MODES.values()] if modes else []
        files, also = checked(console, stacks, root(), others)
        if modes and files[-1].values.get(f"{files[-1].project}:role") != "secondary":
            raise UsageError(f"--modes: {files[-1].called} is no second region, and has no modes; leave --modes out")
        cases = {files[-1].called if modes else "": files}
        cases |= {name: [*files[:-1], one] for name, one in zip(MODES, also, strict=False)}
        bills = {name: _bill(console, of, quiet=as_json) for name, of in cases.items()}
        priced = _unpriced(bills) if quantities else _asked(bills, writable(build))
        if as_json:
            print(json.dumps(_document(priced), indent=1))
        else:
            _show(console, priced, quantities)
        return 0

    run(work)


def _bill(console: Console, stacks: Sequence[StackFile], *, quiet: bool) -> "list[Billed]":
    from rehearsal.emulator import Emulator
    from rehearsal.run import Rehearsal, rehearse
    from report.bill import billed

    done: dict[str, Rehearsal] = {}
    with Emulator() as aws:
        for stack in stacks:
            if not quiet:
                say(console, f"deploying {stack.called} ...", style="dim")
            done[stack.stack] = rehearse(aws, root(), stack, others=done)
            if done[stack.stack].problems:
                first = done[stack.stack].problems[0]
                raise UsageError(f"{stack.called} cannot be deployed: {first.message}; see hybridge rehearse {stack.called}")
    return billed(*done.values())


def _unpriced(bills: "dict[str, list[Billed]]") -> "dict[str, list[Priced]]":
    from report.bill import Priced

    return {name: [Priced(line, None) for line in lines] for name, lines in bills.items()}


def _asked(bills: "dict[str, list[Billed]]", build: Path) -> "dict[str, list[Priced]]":
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    from report.bill import ENDPOINT, Kept, price

    kept = Kept(build / "prices.json", datetime.now(UTC).date())
    try:
        client = boto3.session.Session().client("pricing", region_name=ENDPOINT)
        return {name: price(lines, client, kept) for name, lines in bills.items()}
    except (BotoCoreError, ClientError) as error:
        raise UsageError(
            f"AWS's Price List was not asked: {error}. It needs credentials that may call pricing:GetProducts (`aws "
            "configure`, or AWS_PROFILE); --quantities tells what is billed without prices"
        ) from error


def _rows(priced: "dict[str, list[Priced]]") -> "dict[Billed, dict[str, Priced]]":
    """By what is billed, however many there are of it: each case's line."""
    found: dict[Billed, dict[str, Priced]] = defaultdict(dict)
    for name, lines in priced.items():
        for one in lines:
            found[replace(one.line, quantity=0)][name] = one
    return dict(sorted(found.items(), key=lambda row: (row[0].component, row[0].what, row[0].region, row[0].unit)))


def _show(console: Console, priced: "dict[str, list[Priced]]", quantities: bool) -> None:
    table = Table(title="What AWS bills", title_justify="left", title_style="bold")
    for title in ("what", "region", "by"):
        table.add_column(title, overflow="fold")
    for name in priced:
        table.add_column(name or "how many", justify="right")
        if not quantities:
            table.add_column("USD a month", justify="right")
    component = ""
    rows = _rows(priced)
    for line, cases in rows.items():
        if line.component != component:
            component = line.component
            table.add_row(f"[bold]{component}[/]")
        cells = [_cells(cases.get(name), quantities) for name in priced]
        table.add_row(f" {line.what}", line.region, line.unit, *(cell for each in cells for cell in each))
    if not quantities:
        totals = [cell for lines in priced.values() for cell in ("", f"{_total(lines):,.0f}")]
        table.add_section()
        table.add_row("[bold]in all, of what has a price[/]", "", "", *totals)
    console.print(table)
    _notes(console, priced, quantities)


def _cells(one: "Priced | None", quantities: bool) -> list[str]:
    count = f"{one.line.quantity:g}" if one else ""
    if quantities:
        return [count]
    if one is None or one.line.unit == "use":
        return [count, ""]
    return [count, "?" if one.monthly is None else f"{one.monthly:,.2f}"]


def _total(lines: "Sequence[Priced]") -> Decimal:
    return sum((one.monthly for one in lines if one.monthly is not None), Decimal(0))


def _notes(console: Console, priced: "dict[str, list[Priced]]", quantities: bool) -> None:
    lines = [one for each in priced.values() for one in each]
    by_use = sorted({f"{one.line.what}: {', '.join(one.line.by_use)}" for one in lines if one.line.by_use})
    say(console, f"billed by use, and not reckoned here: {'; '.join(by_use)}", hanging=2)
    if quantities:
        return
    missing = sorted({f"{one.line.what}: {one.price.why}" for one in lines if one.price and one.price.usd is None})
    missing += sorted({f"{one.line.what}: not asked for" for one in lines if one.price is None and one.line.unit != "use"})
    if missing:
        say(console, f"without a price (?): {'; '.join(missing)}", hanging=2, style="yellow")
    days = sorted({one.price.asked.isoformat() for one in lines if one.price})
    say(console, f"on-demand prices without tax, asked on {' to '.join(dict.fromkeys((days[0], days[-1])))}" if days else "")


def _document(priced: "dict[str, list[Priced]]") -> list[dict[str, Any]]:
    return [
        {
            "case": name,
            "component": one.line.component,
            "what": one.line.what,
            "region": one.line.region,
            "quantity": one.line.quantity,
            "unit": one.line.unit,
            "usd": None if one.price is None or one.price.usd is None else str(one.price.usd),
            "usdMonthly": None if one.monthly is None else str(round(one.monthly, 2)),
            "asked": one.price.asked.isoformat() if one.price else None,
            "byUse": list(one.line.by_use),
        }
        for name, lines in priced.items()
        for one in lines
    ]
