import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from components.settings.schedules import DAYS, MONTHS, Cron, Schedule, TimeZone, longest_gap

CRON, SCHEDULE, TIME_ZONE = TypeAdapter(Cron), TypeAdapter(Schedule), TypeAdapter(TimeZone)


@pytest.mark.parametrize(
    "text",
    [
        "cron(0 4 ? * SUN *)",
        "cron(0 3 ? * * *)",
        "cron(0 8 1 * ? *)",
        "cron(0/15 * * * ? *)",
        "cron(0 9 L * ? *)",
        "cron(0 9 ? * TUE#2 *)",
        "cron(30 2 ? JAN-MAR,OCT MON-FRI 2030)",
        "cron(0 0 15W * ? *)",
    ],
)
def test_cron_expressions_of_aws_are_taken(text: str) -> None:
    assert CRON.validate_python(text) == text
    assert SCHEDULE.validate_python(text) == text


@pytest.mark.parametrize("text", ["rate(1 day)", "rate(12 hours)", "rate(30 minutes)", "rate(1 hour)"])
def test_rates_are_taken_where_a_rate_will_do(text: str) -> None:
    assert SCHEDULE.validate_python(text) == text
    with pytest.raises(ValidationError, match="six fields"):
        CRON.validate_python(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0 4 * * SUN", "six fields"),
        ("cron(0 4 * * SUN)", "six fields"),
        ("cron(0  4 ? * SUN *)", "six fields"),
        ("rate(1 hours)", "six fields"),
        ("rate(2 hour)", "six fields"),
        ("rate(0 days)", "six fields"),
        ("cron(60 4 ? * SUN *)", "minutes is possible, unlike '60'"),
        ("cron(0 24 ? * SUN *)", "hours is possible"),
        ("cron(0 4 ? * SUNDAY *)", "day of the week is possible"),
        ("cron(0 4 ? 13 SUN *)", "month is possible"),
        ("cron(0 4 32 * ? *)", "day of the month is possible"),
        ("cron(0 4 ? * SUN 1969)", "year is possible"),
        ("cron(0 4 * * * *)", "[?] for either"),
        ("cron(0 4 ? * ? *)", "[?] for either"),
        ("cron(0/0 4 ? * SUN *)", "minutes is possible"),
        ("cron(1-2-3 4 ? * SUN *)", "minutes is possible"),
    ],
)
def test_what_aws_would_refuse_is_refused_with_the_field(text: str, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        SCHEDULE.validate_python(text)


@given(
    minute=st.integers(0, 59),
    hour=st.integers(0, 23),
    month=st.sampled_from([*MONTHS, *map(str, range(1, 13)), "*"]),
    day=st.sampled_from([*DAYS, *map(str, range(1, 8)), "*"]),
)
def test_any_possible_time_is_taken(minute: int, hour: int, month: str, day: str) -> None:
    text = f"cron({minute} {hour} ? {month} {day} *)"
    assert CRON.validate_python(text) == text


@given(st.text())
def test_any_text_is_either_taken_or_refused_with_an_example(text: str) -> None:
    try:
        SCHEDULE.validate_python(text)
    except ValidationError as error:
        assert error.error_count() == 1
        assert "cron(0 4 ? * SUN *)" in str(error) or "256 characters" in str(error)
    else:
        assert text.startswith(("cron(", "rate("))


@pytest.mark.parametrize("text", ["Etc/UTC", "Asia/Seoul", "America/Argentina/Buenos_Aires"])
def test_time_zones_are_named_as_in_the_database(text: str) -> None:
    assert TIME_ZONE.validate_python(text) == text


@pytest.mark.parametrize("text", ["Asia/Soul", "KST+9", "", "../etc/passwd", "UTC/"])
def test_other_time_zones_are_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="IANA"):
        TIME_ZONE.validate_python(text)


@pytest.mark.parametrize(
    ("expression", "hours"),
    [
        ("rate(5 minutes)", 2),
        ("rate(1 hour)", 2),
        ("rate(12 hours)", 13),
        ("rate(7 days)", 168),
        ("rate(8 days)", None),
        ("cron(0 3 * * ? *)", 25),
        ("cron(0 3,15 * * ? *)", 13),
        ("cron(0 8-18/2 * * ? *)", 15),
        ("cron(0 3 ? * MON-FRI *)", 73),
        ("cron(0 3 ? * 2-6 *)", 73),
        ("cron(0 3 ? * SUN *)", 168),
        ("cron(0 3 ? * SAT,SUN *)", 145),
        ("cron(0 3 ? * 6L *)", None),
        ("cron(0 3 1 * ? *)", None),
        ("cron(0 3 ? 1 MON *)", None),
    ],
)
def test_the_longest_gap_between_two_runs_is_known_up_to_a_week(expression: str, hours: int | None) -> None:
    assert longest_gap(expression) == hours
