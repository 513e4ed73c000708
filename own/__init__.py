"""What your team adds to Hybridge. An update leaves this folder alone, and every test allows it; docs/own.md has examples."""

from components.made import Made


def add(made: Made) -> None:
    """Called at the end of the program, once the five components are there: make resources of your own here.

    `made` has the components, the settings, and `made.options()`, which put a resource under the component `own`.
    """
