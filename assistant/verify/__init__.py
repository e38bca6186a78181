"""Whether the page behind a link says what the sentence says, layer by layer, cheapest first."""
