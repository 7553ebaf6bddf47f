"""The pages, one module each with a router of its own."""
