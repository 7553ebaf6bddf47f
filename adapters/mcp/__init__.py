"""The memory for programs that speak the Model Context Protocol: tools and resources, over HTTP or standard streams."""
