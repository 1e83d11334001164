"""What draws: this process, worker processes, or an executor."""
