"""A made-up class, from its chapter's own right answers and traps, through the whole cycle."""
