"""Reading other tools' files and writing them, each with a loss report that a person can read."""
