"""How the adapter that judges support was trained: rows, training, export."""
