"""Reading what was published: of a resource, of a model, between two refreshes. Nothing here decides."""
