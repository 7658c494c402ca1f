"""Whether commitments are used well: coverage, use and waste of each, who benefits, and what a new plan would save."""
