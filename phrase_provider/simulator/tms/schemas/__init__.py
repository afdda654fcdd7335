"""JSON that requests carry, in bodies and in the ``Memsource`` header, as the specification defines it."""
