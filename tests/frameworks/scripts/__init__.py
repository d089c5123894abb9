"""One program for each framework: an agent with one tool is asked for the weather, once more with a broken model."""
