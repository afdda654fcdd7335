"""
A Phrase that runs on this machine: the platform's token endpoint and Phrase TMS, in memory.

It is written from Phrase's API documents and shares no code with the client in this package. Start it with
``phrase-simulator``, with :class:`phrase_provider.simulator.process.SimulatorProcess`, or with the pytest
fixture ``phrase_simulator``.

Its rooms import downwards only, counting imports for types, and no files import each other in a circle
(``tests/test_imports.py``). From the top:

``app``, ``cli``, ``process``, ``pytest_plugin``, ``requirements``
    Put everything together and start it.
``ui``
    The pages in the browser.
``server``
    The HTTP server around the products: authentication, limits, faults, request log, control API.
``webhooks``
    Subscribes to the events of the TMS, and sends webhooks and callbacks; the API of webhooks.
``tms``
    Phrase TMS: entities, actions, which raise events (``tms.events``), and routes. Another product goes
    beside it.
``core``
    What every product needs: settings, clock, ids, schedule and scheduler, events, tokens, persistence.
"""
