"""Why the cost of a month is not that of the month before: its change, taken apart exactly."""
