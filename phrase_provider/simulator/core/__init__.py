"""What every part of the simulator needs: time, settings, ids, errors, tokens, persistence."""
