"""The nouns of the command line, one module each; every module has ``register(cli)``."""
