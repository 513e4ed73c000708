"""A lost primary's own stack file, deployed after the failover: it starts no writers beside the secondary's database."""

from tests.rehearsal.support import Result, rehearsed_stacks

PRIMARY, SECONDARY = "tests/rehearsal/stacks/two-regions-primary.yaml", "tests/rehearsal/stacks/two-regions-secondary.yaml"
TAKEN_OVER = "+mode=active+primaryState=stopped+disasterRecovery.promoted=true"
WRITER = "arn:aws:rds:ap-northeast-1:123456789012:db:hybridge-two-regions-secondary-database-replica-1"
BACK = f"+disasterRecovery.generation=2+disasterRecovery.restoreFrom={WRITER}"


def again(edit: str, secondary: str = TAKEN_OVER) -> Result:
    """The primary's stack with an edit, deployed once more after the secondary."""
    with rehearsed_stacks(PRIMARY, f"{SECONDARY}{secondary}", f"{PRIMARY}{edit}") as done:
        assert done[1].good, done[1].report
        return done[2]


def test_after_a_failover_the_primary_stops_before_it_makes_anything_and_says_what_to_do() -> None:
    stopped = again("")
    assert not stopped.good
    assert stopped.deployment.nodes == {}
    assert f"the other region has taken over: writes go to {WRITER}" in stopped.report
    assert f"disasterRecovery.restoreFrom: {WRITER}" in stopped.report


def test_on_its_way_back_and_with_the_fence_off_it_goes_on() -> None:
    for edit in (BACK, "+disasterRecovery.fence=false"):
        assert "has taken over" not in again(edit).report


def test_another_failover_is_another_fence() -> None:
    assert "has taken over" in again(BACK.replace("replica-1", "replica-9")).report


def test_a_secondary_that_follows_sets_none() -> None:
    assert "has taken over" not in again("", secondary="").report
