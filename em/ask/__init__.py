"""What one asks of a fit."""
