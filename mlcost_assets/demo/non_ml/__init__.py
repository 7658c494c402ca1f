"""Everything that is not machine learning, about a third of the bill."""
