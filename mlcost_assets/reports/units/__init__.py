"""What a prediction costs: requests and tokens of each model, what they cost, and where nothing counts them."""
