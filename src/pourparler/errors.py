"""What can go wrong, as one tree.

PourparlerError
├── CodebookError       a codebook file is missing, malformed or contradicts itself
├── KnowledgeError      a file of facts (countries, places, actors) is missing or malformed
├── IntakeError         a source cannot be read: names the source, the place in it and the next step
├── RecordError         JSON that is no record: names the field
├── ModelFileError      the reader's weights are missing or are not the ones that were shipped
├── PipelineError       components that cannot work together: found when the pipeline is built
├── ReadingError        a component failed on one document: names the document and the component
├── ArchiveError        an archive cannot be opened, read or written, or a question to it makes no sense
│   └── ProcessError    a process file is missing or malformed: names the file and the key
├── ExportError         an output cannot be written
└── DeskError           the desk cannot be started or used this way

Every message says what to do next.
"""

from __future__ import annotations


class PourparlerError(Exception):
    """Root of every error that Pourparler raises on purpose."""


class CodebookError(PourparlerError):
    """A codebook file is missing, malformed or contradicts itself."""


class KnowledgeError(PourparlerError):
    """A file of facts is missing or malformed."""


class IntakeError(PourparlerError):
    """A source cannot be read.

    Args:
        source: what was to be read, as the user named it.
        problem: what is wrong, with the place (line, column, byte) where there is one.
        advice: what to do next.
    """

    def __init__(self, source: str, problem: str, advice: str) -> None:
        super().__init__(f"{source}: {problem}. {advice}")
        self.source = source
        self.problem = problem
        self.advice = advice


class RecordError(PourparlerError):
    """JSON that is no record."""


class ModelFileError(PourparlerError):
    """The reader's weights are missing, damaged or of another version."""


class PipelineError(PourparlerError):
    """Components that cannot work together."""


class ReadingError(PourparlerError):
    """A component failed on one document."""

    def __init__(self, document: str, component: str, problem: str) -> None:
        super().__init__(
            f"document {document}: component {component} failed: {problem}. "
            "The document was set aside; please report it with its text."
        )
        self.document = document
        self.component = component


class ArchiveError(PourparlerError):
    """An archive cannot be opened, read or written, or a question to it makes no sense."""


class ProcessError(ArchiveError):
    """A process file is missing or malformed."""


class ExportError(PourparlerError):
    """An output cannot be written."""


class DeskError(PourparlerError):
    """The desk cannot be started, or cannot be used this way."""
