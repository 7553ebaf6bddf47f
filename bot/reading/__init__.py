"""From a file that somebody sent, or that lies in a folder, to passages that can be cited."""
