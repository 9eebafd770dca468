"""What `em.examine` looks at, one idea a file."""
