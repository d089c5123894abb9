"""What hostile clients try, and what must come of it."""
