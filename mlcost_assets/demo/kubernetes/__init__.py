"""What runs on Kubernetes: clusters, their nodes and pods, and what a service needs besides them."""
