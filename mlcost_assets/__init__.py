"""ML Cost Intel: connects every dollar of an AWS bill to the ML work that caused it."""

__version__ = "0.1.0"
