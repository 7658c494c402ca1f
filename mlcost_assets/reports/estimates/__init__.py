"""What gateways and traces estimate that calls cost, beside what AWS billed for the same foundation model and day."""
