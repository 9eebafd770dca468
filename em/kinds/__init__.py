"""Kinds of data that take more than an array."""
