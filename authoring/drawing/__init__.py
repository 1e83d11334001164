"""The drawn body of a view, and contact sheets for a person to look at."""
