"""Tokens: how they are made, kept and recognised."""
