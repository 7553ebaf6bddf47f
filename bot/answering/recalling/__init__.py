"""What is recalled for a question, and what the question leans on."""
