"""Bytes that a coverage-guided fuzzer makes up, given to whatever reads a stranger's bytes.

targets/    a module for each reader: what it promises, as a function of the bytes
dealt       bytes taken apart into what such a function needs
target      the targets by name
corpus      the inputs that are worth trying again, a file for each target, one input a line
engine      one target under atheris, in a process of its own
campaign    the engine for all targets in turn, and what came of it
"""
