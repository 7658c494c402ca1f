"""The FOCUS export: a period written back out as FOCUS 1.2, with its attribution."""
