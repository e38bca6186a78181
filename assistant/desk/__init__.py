"""The editor's desk in the browser: its panes and its look; `ui.py` puts them together."""
