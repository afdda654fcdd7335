"""Who works on jobs: the providers of the template, or those that are named."""
