"""What comes from outside is read within caps and without trust; what goes out is written in one step."""
