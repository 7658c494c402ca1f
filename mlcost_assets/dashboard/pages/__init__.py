"""The pages, in the order of the menu: the first of several of one kind is its list."""
