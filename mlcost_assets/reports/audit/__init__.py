"""The audit of required tags: what is lacking, what it is worth, and the files that mend it."""
