"""Questions that the API answers, beside what a good engineer would write by hand to answer them."""
