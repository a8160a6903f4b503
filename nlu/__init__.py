"""Understanding: training messages, lexicons, Rasa components and the pure text tools.

``normalize``, ``language``, ``danger`` and ``places`` need nothing but the standard library and
PyYAML and run in both runtimes; ``components`` needs Rasa and runs in the model runtime only.
"""
