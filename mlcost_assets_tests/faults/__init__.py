"""Real faults: killed processes and a real S3 server."""
