"""What lies around models: storage, logs, monitors, gateways, data jobs, the network."""
