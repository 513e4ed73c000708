"""The five components that the architecture is made of, and the settings they are configured by."""
