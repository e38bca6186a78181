"""Language models: the catalog, pulling, serving, asking, counting, embedding."""
