"""Reading on many cores or machines: sources to Parquet shards of records, with Ray Data.

Ray is imported where a batch runs and nowhere else: ``pip install 'pourparler[batch]'``.
"""
