"""What an M-step needs of the data, as sums over pieces: one file a model."""
