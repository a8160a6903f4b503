"""Custom actions: each reads slots, asks ``knowledge``, and says it in the words of ``responses``.

One file an action, named as the intent that it answers.
"""
