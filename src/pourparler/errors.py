"""What can go wrong, as one tree.

PourparlerError
├── CodebookError       a codebook file is missing, malformed or contradicts itself
├── KnowledgeError      a file of facts (countries, places, actors) is missing or malformed
├── IntakeError         a source cannot be read: names the source, the place in it and the next step
├── RecordError         JSON that is no record: names the field
├── ModelFileError      the reader's weights are missing, not the ones that were shipped, or cannot be run as asked
├── PipelineError       components that cannot work together: found when the pipeline is built
├── ReadingError        a component failed on one document: names the document and the component
│   └── ShortageError   what the machine lacked, so that it may be read another time
├── ArchiveError        an archive cannot be opened, read or written, or a question to it makes no sense
│   ├── ProcessError    a process file is missing or malformed: names the file and the key
│   └── DamagedError    an archive holds rows that no version of Pourparler wrote
├── ExportError         an output cannot be written
├── BatchError          a batch cannot be run, or its output cannot be read or written
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
    """The reader's weights are missing, damaged, of another version, or cannot be run as asked."""


class PipelineError(PourparlerError):
    """Components that cannot work together."""


class ReadingError(PourparlerError):
    """A component failed on one document, or (component ``text``) its text is one that no record can hold."""

    def __init__(
        self,
        document: str,
        component: str,
        problem: str,
        advice: str = "The document was set aside; please report it with its text.",
    ) -> None:
        super().__init__(f"document {document}: component {component} failed: {problem}. {advice}")
        self.document = document
        self.component = component


class ShortageError(ReadingError):
    """There was not enough memory to read one document; nothing is wrong with it."""

    def __init__(self, document: str, component: str) -> None:
        super().__init__(
            document, component, "there is not enough memory", "Nothing is lost: give it more, and do the same again."
        )


# The words by which libraries tell that memory ran out, where they raise something else than MemoryError.
_NO_MEMORY = (
    "bad allocation", "bad_alloc", "cannot allocate memory", "failed to allocate memory", "failed to map segment",
    "can't start new thread", "out of memory", "resource temporarily unavailable",
)  # fmt: skip


def out_of_memory(error: BaseException) -> bool:
    """Return whether an error, or one that led to it, says that memory ran out."""
    seen: set[int] = set()
    at: BaseException | None = error
    while at is not None and id(at) not in seen:
        seen.add(id(at))
        if isinstance(at, MemoryError) or any(words in str(at).lower() for words in _NO_MEMORY):
            return True
        at = at.__cause__ or at.__context__
    return False


class ArchiveError(PourparlerError):
    """An archive cannot be opened, read or written, or a question to it makes no sense."""


class ProcessError(ArchiveError):
    """A process file is missing or malformed."""


class DamagedError(ArchiveError):
    """An archive holds what no version of Pourparler wrote: it was damaged, or somebody made it so."""


class ExportError(PourparlerError):
    """An output cannot be written."""


class BatchError(PourparlerError):
    """A batch cannot be run, or its output cannot be read or written.

    Args:
        what: the folder, file or machine it is about.
        problem: what is wrong.
        advice: what to do next.
    """

    def __init__(self, what: str, problem: str, advice: str) -> None:
        super().__init__(f"{what}: {problem}. {advice}")
        self.what = what
        self.problem = problem
        self.advice = advice

    def __reduce__(self) -> tuple[type[BatchError], tuple[str, str, str]]:
        # It crosses from one process to another.
        return BatchError, (self.what, self.problem, self.advice)


class DeskError(PourparlerError):
    """The desk cannot be started, or cannot be used this way."""
