"""Schemas of request bodies and of the ``Memsource`` header, as the specification defines them."""
