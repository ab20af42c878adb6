"""The fast path of issuing: pure functions over bytes, no database, no clock, no key of their own.

What makes a batch fast is done once for many: the certificate is cut into a template, the request into a
shape, and each item only fills or fits them. What does not fit goes the whole way round.
"""
