"""Operations that take effect in Phrase once, whenever the process that executes them dies."""
