"""What runs for nobody: an arm for each kind of idleness (kinds/), put together and priced in `idle_resources`."""
