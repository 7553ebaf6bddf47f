"""What `top` shows of a running bot: read from its metrics, laid out for a terminal."""
