"""What tables promise (the registry) and what is checked about them."""
