"""One reader a file format; each yields batches of spans.

It imports the modules of `importing` that know no format.
"""
