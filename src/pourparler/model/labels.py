"""The label sets of the reader's heads, shared by training and reading."""

from __future__ import annotations

from dataclasses import dataclass

# What the network tells, in groups that are computed only where they are asked for, in the order of the graph's input
# ``wanted``.
OUTPUTS = {
    "reading": ("trigger", "names", "cue", "status", "sector", "starts", "rows", "pairs"),
    "grammar": ("upos", "lemmas", "arcs", "relations"),
    "frames": ("frames",),
    "related": ("related",),
}
KEPT = 0.25  # roles are scored for words that may be a trigger or a cue with this probability: under every threshold

STATUSES = ("happened", "ongoing", "planned", "possible", "called_for", "alleged", "denied", "did_not_happen")
SECTORS = (
    "none",
    "GOV",
    "MIL",
    "REB",
    "COP",
    "JUD",
    "LEG",
    "PTY",
    "OPP",
    "CVL",
    "MED",
    "JRN",
    "BUS",
    "SOC",
    "UAF",
    "CRM",
    "REL",
    "LAB",
    "PRE",
    "EDU",
)


@dataclass(frozen=True, slots=True)
class Bio:
    """Begin and inside labels over kinds: 0 outside, 1+2k begin, 2+2k inside of kind k."""

    types: tuple[str, ...]

    @property
    def size(self) -> int:
        return 1 + 2 * len(self.types)

    def label(self, kind: str, prefix: str) -> int:
        return 1 + 2 * self.types.index(kind) + (prefix == "I")

    def tag(self, label: int) -> str:
        """Return a label as BIO writes it: O, B-PER, I-PER."""
        return ("B-" if label % 2 else "I-") + self.types[(label - 1) // 2] if label else "O"


TRIGGERS = Bio(
    (
        "AGREE",
        "CONSULT",
        "SUPPORT",
        "CONCEDE",
        "COOPERATE",
        "AID",
        "RETREAT",
        "REQUEST",
        "ACCUSE",
        "REJECT",
        "THREATEN",
        "PROTEST",
        "SANCTION",
        "MOBILIZE",
        "COERCE",
        "ASSAULT",
    )
)
NAMES = Bio(("PER", "ORG", "LOC", "EVT"))
CUE = Bio(("CUE",))


@dataclass(frozen=True, slots=True)
class RoleSet:
    """Channels of the pair head: a word is inside, or begins, an argument of a predicate word."""

    names: tuple[str, ...]

    @property
    def size(self) -> int:
        return 2 * len(self.names)

    @property
    def inside(self) -> dict[str, int]:
        return {name: 2 * i for i, name in enumerate(self.names)}

    @property
    def begin(self) -> dict[str, int]:
        return {name: 2 * i + 1 for i, name in enumerate(self.names)}

    @property
    def event(self) -> tuple[int, ...]:
        return self._channels("source", "target", "place", "time")

    @property
    def attribution(self) -> tuple[int, ...]:
        return self._channels("speaker", "content")

    def _channels(self, *names: str) -> tuple[int, ...]:
        return tuple(sorted([*(self.inside[name] for name in names), *(self.begin[name] for name in names)]))


ROLES = RoleSet(("source", "target", "place", "speaker", "content", "time"))

UPOS = (
    *("ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM"),
    *("PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM", "VERB", "X"),
)
# Universal dependency relations with the subtypes of EWT and GUM.
RELATIONS = (
    *("punct", "case", "det", "nsubj", "root", "advmod", "amod", "obj", "obl", "nmod", "compound", "conj", "cc"),
    *("mark", "aux", "cop", "advcl", "nmod:poss", "xcomp", "flat", "acl:relcl", "ccomp", "acl", "appos", "aux:pass"),
    *("nummod", "parataxis", "nsubj:pass", "nmod:unmarked", "obl:unmarked", "discourse", "compound:prt", "expl"),
    *("fixed", "iobj", "list", "obl:agent", "dep", "nmod:desc", "csubj", "nsubj:outer", "det:predet", "advcl:relcl"),
    *("vocative", "goeswith", "cc:preconj", "reparandum", "orphan", "dislocated", "csubj:pass", "csubj:outer"),
)
# PropBank's arguments as EWT has them 40 times or more; rarer ones are left untagged.
FRAMES = Bio(
    (
        *("ARG0", "ARG1", "ARG2", "ARG3", "ARG4", "ARGM-TMP", "ARGM-ADV", "ARGM-MOD", "ARGM-NEG", "ARGM-ADJ"),
        *("ARGM-LOC", "ARGM-MNR", "ARGM-DIS", "ARGM-EXT", "ARGM-PRP", "ARGM-CAU", "ARGM-PRR", "ARGM-LVB"),
        *("ARGM-DIR", "ARGM-PRD", "ARGM-GOL", "ARGM-CXN", "ARGM-COM", "R-ARG0", "R-ARG1", "R-ARG2"),
        *("R-ARGM-LOC", "R-ARGM-TMP", "C-ARG1", "C-ARG2", "C-V", "C-ARGM-CXN"),
    )
)
# What a marked source does to a marked target: PLOVER's types with CONCEDE and RETREAT joined, as PLV has them.
RELATED = (
    *("AGREE", "CONSULT", "SUPPORT", "YIELD", "COOPERATE", "AID", "REQUEST", "ACCUSE"),
    *("REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"),
)
