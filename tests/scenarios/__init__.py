"""The scenario book: real transports in field language, and three ways to try them. See README.md."""
