"""The resolvers of scores and feedback."""
