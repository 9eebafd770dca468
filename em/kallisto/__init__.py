"""kallisto: its effective lengths, its rule for when to stop, its files."""
