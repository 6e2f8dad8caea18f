"""The conformance script, run through the Python face. `conformance/README.md` specifies its language.

The runner uses what `import ouroborosdb` gives and nothing private, but for `script.panic`. A file fails with its
name, the line, what was expected and what came.
"""
