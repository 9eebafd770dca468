"""Arrays, sums, parameters as numbers: what all rooms stand on."""
