"""Rasa components of the model runtime; named by module path in ``config.yml``."""
