"""What is let in: input, checked, and what is known beside it."""
