"""Where `spanwell export` reads the spans that meet a filter."""
