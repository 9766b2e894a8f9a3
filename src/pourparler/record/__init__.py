"""The vocabulary: what a record is made of, and how it goes to JSON and back."""

from pourparler.record.json import dumps, from_dict, loads, schema, to_dict
from pourparler.record.types import (
    SCHEMA, Act, Actor, ActorKind, Basis, Document, Event, EventType, Place, Quote, Record, Rejected, Run, Span,
    Statement, Status, Time, document_id, quote,
)

__all__ = [
    "SCHEMA", "Act", "Actor", "ActorKind", "Basis", "Document", "Event", "EventType", "Place", "Quote", "Record",
    "Rejected", "Run", "Span", "Statement", "Status", "Time", "document_id", "dumps", "from_dict", "loads", "quote",
    "schema", "to_dict",
]
