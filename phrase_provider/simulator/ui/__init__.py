"""
The pages: an overview at ``/``, a project and a job at the addresses to which links to Phrase lead.

They need no token. GET changes nothing; buttons are HTML forms that lead back to their page,
and :class:`phrase_provider.simulator.server.same_origin.SameOrigin` protects them from other web sites.
"""
