"""Running servers, as commands ask them."""
