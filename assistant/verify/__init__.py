"""Claims against their sources. No module imports one that stands after it here:

claims, evidence, figures, days, quotations, titles, names, japanese, align, checks, background,
spans, entailment, score, judge, citations, verifier.
"""
