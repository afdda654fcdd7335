"""What every part of the simulator stands on: time, settings, ids, errors, tokens, persistence."""
