"""What would we save? Other ways to run what runs, from each endpoint's own load and billed rates."""
