"""Scenario files, magic prompts and faults by call become plain values."""
