"""What it is costing right now: an estimate of the hours that no bill tells yet, settled when the bill comes."""
