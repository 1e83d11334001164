"""Labels beside the body: what is named, where it is seen, in which gutter its label stands, how its leader runs."""
