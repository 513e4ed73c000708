"""The figures of the rehearsal's speed: whole processes, several runs, medians."""
