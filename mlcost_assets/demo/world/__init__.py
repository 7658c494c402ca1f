"""The world in which all activities meet: its resources, their tags, the records and charges they leave behind."""
