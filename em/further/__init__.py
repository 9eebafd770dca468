"""What goes further: starts, jumps, streams, clusters, relatives."""
