"""The door: what travels over HTTP, strictly read and plainly refused."""
