"""Measures: python -m benchmarks TASK FILE prints one JSON line."""
