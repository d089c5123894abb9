"""Big batches are made ready for the store by a process of their own, beside the one that answers.

Python runs one thread at a time, so what one batch costs would else be taken from every query and from the writer.
"""
