"""
Pages for people: an overview at ``/``, a project and a job where links to Phrase lead.

They need no token. A visit changes nothing; buttons are HTML forms that come back to the page they are on,
and :class:`phrase_provider.simulator.server.same_origin.SameOrigin` keeps other web sites from pressing them.
"""
