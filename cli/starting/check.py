"""What is wrong with the answers, told as the settings tell it, before a file is written."""

from collections.abc import Iterable, Iterator

from cli.starting import text
from cli.starting.answers import Answers
from components.pair import differences, impossible
from components.settings import Settings, SettingsError, parse
from components.settings.base import Mistake
from components.settings.errors import entries
from stackfiles import sharing, value_of

FLAGS = {
    "aws:region": "--region",
    "secondaryRegion": "--secondary-region",
    "size": "--size",
    "network.cidr": "--cidr",
    "network.zones": "--zone",
    "network.privateZone": "--domain",
    "onPremises.cidrs": "--on-premises",
    "onPremises.domain": "--domain",
    "onPremises.dnsServers": "--dns-server",
    "onPremises.routers": "--router",
    "directConnect.connections": "--circuit",
    "containers.certificateArn": "--certificate",
    "workloads": "--compose",
    "management.timeZone": "--time-zone",
    "management.alarms.emails": "--email",
    "disasterRecovery.secondaryCidr": "--secondary-cidr",
    "disasterRecovery.primaryCidr": "--cidr",
}
"""The flag that a key of the primary's file comes from."""
OF_SECONDARY = {
    "aws:region": "--secondary-region",
    "network.cidr": "--secondary-cidr",
    "network.zones": "--secondary-zone",
    "containers.certificateArn": "--secondary-certificate",
}
"""What a key of the secondary's file comes from, where that is another flag."""


def files(answers: Answers, project: str) -> dict[str, str]:
    """The stack files to write, by stack."""
    found = {answers.stack: text.primary(answers, project)}
    if answers.secondary_region:
        found[answers.secondary] = text.secondary(answers, project)
    return found


def mistakes(answers: Answers, project: str) -> dict[str, list[Mistake]]:
    """Everything wrong with the stack files that would be written, by stack."""
    written = {stack: value_of(content)["config"] for stack, content in files(answers, project).items()}
    found: dict[str, list[Mistake]] = {}
    parsed: dict[str, Settings] = {}
    for stack, config in written.items():
        own = {key.removeprefix(f"{project}:"): value for key, value in config.items() if key != "aws:region"}
        raw = sharing.shared(config, written[answers.stack], answers.stack, project).values if parsed or found else own
        try:
            parsed[stack] = parse(raw, config["aws:region"], project=project, stack=stack)
        except SettingsError as error:
            found[stack] = list(error.mistakes)
    if len(parsed) == 2:
        pair = parsed[answers.stack], parsed[answers.secondary], answers.stack, project
        found |= {answers.secondary: both} if (both := [*impossible(*pair), *differences(*pair)]) else {}
    return found


def told(found: dict[str, list[Mistake]], answers: Answers, project: str) -> str:
    """The mistakes for a person: each with the flag that it comes from, those that both files share once."""
    count = 0
    texts: list[str] = []
    for stack, listed in found.items():
        for mistake in listed:
            key = mistake.key.removeprefix(f"{project}:")
            flag = _flag(key, OF_SECONDARY if stack == answers.secondary else {})
            (entry,) = entries([mistake], {})
            shown = f"{flag}: {entry}" if flag else entry
            if shown not in texts:
                texts.append(shown)
                count += 1
    return "\n\n".join([f"{count} mistake{'s' * (count > 1)}; nothing was written.", *texts])


def about(keys: Iterable[str], found: dict[str, list[Mistake]], answers: Answers, project: str) -> Iterator[Mistake]:
    """The mistakes of the primary's file that lie at or below some keys."""
    for mistake in found.get(answers.stack, []):
        key = mistake.key.removeprefix(f"{project}:")
        if any(key == one or key.startswith((f"{one}.", f"{one}[")) for one in keys):
            yield mistake


def _flag(key: str, first: dict[str, str]) -> str:
    for flags in (first, FLAGS):
        for known, flag in flags.items():
            if key == known or key.startswith((f"{known}.", f"{known}[")):
                return flag
    return ""
