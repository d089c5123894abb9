"""Benchmarks: each prints ratios measured in one run, and none of them is a test."""
