"""How something is forgotten or edited, what is looked for, and what keeps it out; the same for every engine."""
