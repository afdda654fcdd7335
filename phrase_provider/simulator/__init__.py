"""
A Phrase that runs on this machine: the platform's token endpoint and Phrase TMS, in memory.

It is written from Phrase's API documents and shares no code with the client in this package. Start it with
``phrase-simulator``, with :class:`phrase_provider.simulator.process.SimulatorProcess`, or with the pytest
fixture ``phrase_simulator``.
"""
