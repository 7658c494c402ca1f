"""What AWS, Kubernetes and MLflow say exists now, written as records into the landing zone.

The only place that calls those APIs, and it only reads. services/ has a file a service: a short list of what is
collected of it. engine.py does the calling, run.py runs everything for every account and region, policy.py writes the
IAM policy from the same lists. What the records mean is decided elsewhere (metadata/, lineage/).
"""
