"""Which model uses the accelerators, and for what traffic."""
