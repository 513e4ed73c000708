"""From the last release to today: what it leaves standing, and what this program would do to that."""
