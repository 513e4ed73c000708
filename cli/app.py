"""The commands, and how `hybridge` calls them."""

import gc
from typing import Annotated

import typer

from cli.commands import diff, engine, kit, migrate, new, price, rehearse, report, schema, serve, watch
from hybridge import __version__

EXAMPLES = """
[bold]hybridge rehearse prod dr[/]: deploy prod, then dr, which reads prod's outputs, and prove both

[bold]hybridge rehearse dev+database.multiAz=true[/]: dev with an edit of its config

[bold]hybridge diff dr dr+mode=warm-standby --after prod[/]: what an edit of dr adds, changes and removes, after prod
"""
REHEARSAL, ENGINE = "Without an account", "The real Pulumi engine, on an emulated account"
DEPLOYED, PROJECT = "With what is deployed", "The project itself"

app = typer.Typer(
    help="One container platform over a data centre and AWS, rehearsed without an account.",
    epilog=EXAMPLES,
    rich_markup_mode="rich",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    # What people see of a fault is a line; a traceback with every local value would also print secrets.
    pretty_exceptions_enable=False,
)
app.command("rehearse", rich_help_panel=REHEARSAL)(rehearse.command)
app.command("watch", rich_help_panel=REHEARSAL)(watch.command)
app.command("diff", rich_help_panel=REHEARSAL)(diff.command)
app.command("serve", rich_help_panel=REHEARSAL)(serve.command)
app.command("report", rich_help_panel=REHEARSAL)(report.command)
app.command("price", rich_help_panel=REHEARSAL)(price.command)
app.command("up", rich_help_panel=ENGINE)(engine.up)
app.command("preview", rich_help_panel=ENGINE)(engine.preview)
app.command("refresh", rich_help_panel=ENGINE)(engine.refresh)
app.command("destroy", rich_help_panel=ENGINE)(engine.destroy)
app.command("kit", rich_help_panel=DEPLOYED)(kit.command)
app.command("migrate", rich_help_panel=DEPLOYED)(migrate.command)
app.command("new", rich_help_panel=PROJECT)(new.command)
app.command("schema", rich_help_panel=PROJECT)(schema.command)


def _version(asked: bool) -> None:
    if asked:
        print(f"hybridge {__version__}")
        raise typer.Exit


@app.callback()
def _hybridge(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    """Options of the command itself."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code: 0 when nothing is wrong, 1 when something is, 2 when it was called wrongly."""
    # What a command makes it keeps to its end, millions of objects at once: looking for garbage among them takes a sixth of the
    # time of a rehearsal, and finds hardly any. What serves or watches for days still looks now and then.
    threshold = gc.get_threshold()
    gc.set_threshold(10_000_000, 50, 50)
    try:
        app(args=arguments, prog_name="hybridge")
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else 0 if done.code is None else 1
    finally:
        gc.freeze()
        gc.set_threshold(*threshold)
    return 0
