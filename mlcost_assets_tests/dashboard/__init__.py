"""The dashboard, as a browser asks it."""
