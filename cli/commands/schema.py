"""`hybridge schema`: write what is generated from the settings and the components."""

from typing import Annotated

import typer
from rich.console import Console

from cli.shared import root, run

Check = Annotated[bool, typer.Option("--check", help="Write nothing; fail if a file is not what would be written.")]


def command(check: Check = False) -> None:
    """Write what is generated: Pulumi.yaml's config, the JSON Schema of stack files, the references in docs/, the outputs."""

    def work(console: Console) -> int:
        from cli import components_reference
        from components import outputs
        from components.settings import schema

        texts = schema.written(root())
        if root() == schema.ROOT:
            # The repository of Hybridge itself has its references as well.
            readme = root() / "README.md"
            texts[components_reference.PAGE] = components_reference.page()
            texts[readme] = between(readme.read_text(encoding="utf-8"), "outputs", outputs.table())
        stale = [path for path, text in texts.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
        for path in stale:
            state = "not what the code says; run hybridge schema" if check else "written"
            console.print(f"{path.relative_to(root())}: {state}", highlight=False)
            if not check:
                path.parent.mkdir(exist_ok=True)
                path.write_text(texts[path], encoding="utf-8")
        return 1 if check and stale else 0

    run(work)


def between(text: str, name: str, part: str) -> str:
    """The text with a part of it written anew: what stands between the lines that name it."""
    begin, end = f"<!-- begin: {name} -->", f"<!-- end: {name} -->"
    before, rest = text.split(begin, maxsplit=1)
    return f"{before}{begin}\n{part}\n{end}{rest.split(end, maxsplit=1)[1]}"
