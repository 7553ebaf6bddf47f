"""The routes below /api: what the page uses and programs may, documented by OpenAPI."""
