"""What the platform never sees: who caused each dollar, and by which evidence that could be found out."""
