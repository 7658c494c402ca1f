"""The dashboard: the published tables as pages. `pages/` has a page a file, its query beside it; `components/` what
pages are made of; `app.py` the web application. Every page is an address that says all it shows."""
