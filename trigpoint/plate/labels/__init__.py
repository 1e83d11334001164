"""Names beside the body: what can be named, where it is seen, which side it stands on, how leaders run."""
