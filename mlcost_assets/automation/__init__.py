"""What starts runs, and who is told: jobs, sensors, schedules and alerts."""
