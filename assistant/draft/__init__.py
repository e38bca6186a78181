"""From a story to a bullet: plan, write (by a model or by extraction), link, repair."""
