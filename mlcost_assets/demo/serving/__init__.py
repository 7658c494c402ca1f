"""How models are served: endpoints of every kind, batch jobs, plain instances, foundation models."""
