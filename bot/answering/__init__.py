"""From a question to a reply: what is recalled, what the model is told, what is checked and cited."""
