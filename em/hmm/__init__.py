"""What hidden Markov models share."""
