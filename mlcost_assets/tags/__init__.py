"""Tags: from what people wrote to what they meant (`tag_values`), and how much of the bill carries them."""
