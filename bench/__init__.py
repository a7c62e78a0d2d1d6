"""How fast the bridge is beside its peers: `make bench` measures, docs/benchmarks.md tells.

A *scenario* has *contenders*: a peer, and how the load speaks to it. In each round every contender
has its turn, in a fresh process on a core of its own; an echoing daemon and the load, both written
in C (load/), have the other core. A *sample* is what one turn gave. The medians of all samples make
the ratios that the targets are about.

    __main__.py   make bench              smoke.py     make bench-smoke
    scenarios.py  what is measured        measures.py  how
    peers/        who takes part          system.py    a process under test
    outcome.py    medians                 target.py    what is aimed at
    document.py   docs/benchmarks.md      plot.py      docs/benchmarks.svg
"""
