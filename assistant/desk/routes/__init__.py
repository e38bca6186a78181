"""The routes of the desk: each reads its request, calls one function, and answers in JSON."""
