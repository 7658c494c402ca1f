"""What experimenting costs: by experiment, by run, and what of it was deployed (docs/answers/experiments.md)."""
