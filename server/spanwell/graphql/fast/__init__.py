"""Fast paths around graphql-core's per-value work: lists completed by column, batches decoded at once.

A randomised test checks each against the ordinary path. It imports `types` and the layers below.
"""
