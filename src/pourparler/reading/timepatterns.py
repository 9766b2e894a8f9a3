"""The patterns of time expressions, in the order they are tried; the longest match wins, the first among equals."""

from pourparler.reading import timedates, timerelative

PATTERNS = (
    timedates.ranges,
    timedates.dates,
    timedates.numeric,
    timedates.months,
    timedates.years,
    timerelative.deictic,
    timerelative.weekdays,
    timerelative.relative_units,
    timerelative.ago,
    timerelative.durations,
    timerelative.sets,
    timerelative.overnight,
    timerelative.running_days,
    timerelative.ends,
    timedates.clocks,
    timedates.quarters,
    timedates.holidays,
    timedates.seasons,
)
