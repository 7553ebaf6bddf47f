"""The way of one message, from the adapter that delivers it to the reply that leaves."""
