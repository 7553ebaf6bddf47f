"""The routes below /v1, in the shape of OpenAI's API, so that its clients work unchanged."""
