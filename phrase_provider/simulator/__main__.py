from __future__ import annotations

from phrase_provider.simulator.cli import main

if __name__ == "__main__":
    main()
