"""Issues as files: the house Markdown format in and out, and a web page out."""
