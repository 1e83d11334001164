"""Who draws: this process, processes of our own, an executor of the user's or a cluster's."""
