"""Names: people, organisations, places; from the network's tags, the tables of facts, and earlier mentions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pourparler import knowledge
from pourparler.model.labels import NAMES
from pourparler.reading import lexicon
from pourparler.reading.draft import Draft, Name, Range

_PARTS = 5  # words of a person's name
_SHORT = frozenset({"mr", "mrs", "ms", "dr", "gen", "col", "lt", "sen", "rep"})
_NEVER_FIRST = frozenset({"of", "for", "the"})  # written small: "Fighters" + "of the AA"
_SHORTEST = 3  # a family name that is looked for has more letters
_LONGEST = 7  # words of the longest known name that is looked up ("United Nations High Commissioner for Refugees")


class Names:
    """A name of the tables is a name wherever it stands; so are the words with capitals behind a title; a name the
    network found once is one at each repetition."""

    name = "reading.names.v5"
    needs = frozenset({"layers", "sentences"})
    gives = frozenset({"names"})

    def __call__(self, draft: Draft) -> None:
        if draft.layers is None:
            return
        found = _known(draft)
        net = tagged(draft)
        people = titled(draft, found, net)
        # "Israel Katz" behind a title is no country.
        begun = {name.words[0] for name in people}
        found = [name for name in found if name.words[0] not in begun]
        taken = {i for name in found for i in range(*name.words)}
        _add(people, found, taken)
        _add(net, found, taken)
        _add(_repeated(draft, found), found, taken)
        draft.names = tuple(sorted(found, key=lambda n: n.words))


def _add(more: list[Name], found: list[Name], taken: set[int]) -> None:
    """Add the names that share no word with those found before."""
    for name in more:
        if taken.isdisjoint(range(*name.words)):
            taken.update(range(*name.words))
            found.append(name)


def _known(draft: Draft) -> list[Name]:
    """Return countries, demonyms and known actors, the longest first at each word."""
    out: list[Name] = []
    i = 0
    while i < len(draft.words):
        hit = _known_at(draft, i) if draft.word(i)[:1].isupper() else None
        if hit:
            out.append(hit)
        i = hit.words[1] if hit else i + 1
    return out


def _known_at(draft: Draft, i: int) -> Name | None:
    for j in range(min(i + _LONGEST, len(draft.words)), i, -1):
        text = draft.text((i, j))
        if "\n" in text or not (text[-1].isalnum() or text[-1] == "."):
            continue
        actor = knowledge.known_actor(text)
        if actor:
            return Name((i, j), "PER" if actor.kind == "person" else "LOC" if actor.kind == "state" else "ORG")
        if knowledge.country_of(text):
            return Name((i, j), "LOC")
    return None


def titled(draft: Draft, found: list[Name], net: list[Name]) -> list[Name]:
    """Return the people whose names follow a title: "Azerbaijani President Ilham Aliyev".

    Of 243 such names in 400 reports the network misses 38 and cuts 67 elsewhere ("Aliyev" alone). Where it takes
    the words for a body ("Justice Department") it is right; where its name goes on ("George W. Bush") so does ours.
    Behind a title written small ("Hezbollah chief Naim Qassem") two words like a name's are asked for.
    """
    titles, out = lexicon.titles(), []
    known = {name.words[0] for name in found}
    for i, word in enumerate(draft.lowered((0, len(draft.words)))):
        if word not in titles:
            continue
        first = i + 2 if word in _SHORT and draft.lowered((i + 1, i + 2)) == ["."] else i + 1
        last = _name_end(draft, first, known - {first} if _like_a_country(draft, first, found) else known)
        over = [name for name in net if name.words[0] < last and first < name.words[1]]
        small = draft.word(i)[0].islower()
        if small and (not _two_words(draft, (first, last)) or any(name.kind == "LOC" for name in over)):
            continue
        if last > first and all(name.kind == "PER" or _person_behind(draft, name, (first, last)) for name in over):
            whole = _hyphenated(draft, (first, last))
            out.append(Name((first, max([whole[1], *(name.words[1] for name in over)])), "PER"))
    return out


def _person_behind(draft: Draft, name: Name, behind: Range) -> bool:
    """True where what the network takes for a body begins right behind the title, in two words like a person's: the
    "Donald Trump" of "President Donald Trump"; the title is a part of "Justice Department". So is one word of the
    two ("Israel" or "Katz"). It is nobody's event."""
    if name.kind == "EVT":
        return True
    first, last = name.words
    if behind[0] <= first and last == first + 1 <= behind[1] == behind[0] + 2:
        return _two_words(draft, behind)
    return first == behind[0] and last == first + 2 and _two_words(draft, name.words)


def _two_words(draft: Draft, words: Range) -> bool:
    """True for two or more words, each like one of a person's name."""
    found = [draft.word(i) for i in range(*words)]
    return len(found) > 1 and all(word.istitle() or word.lower() in lexicon.name_joints() for word in found)


def _like_a_country(draft: Draft, first: int, found: list[Name]) -> bool:
    """True where a country's name is somebody's first name: "Israel" before "Katz"."""
    country = next((n for n in found if n.words == (first, first + 1) and n.kind == "LOC"), None)
    if country is None or first + 1 >= len(draft.words) or knowledge.is_demonym(draft.word(first)):
        return False
    behind = draft.word(first + 1)
    return behind.istitle() and behind.isalpha() and all(n.words[0] != first + 1 for n in found)


def _name_end(draft: Draft, first: int, known: set[int]) -> int:
    """Return where the run of words with capitals that begins at a word ends; joints count before another one."""
    last = i = first
    here = draft.sentence_of(first)[1] if first < len(draft.words) else first
    while i < min(here, first + _PARTS):
        word = draft.word(i)
        if i in known or word.lower() in lexicon.titles() or word.lower() in lexicon.determiners():
            break
        if word[0].isupper() and (word.isalpha() or (len(word) > 1 and word[-1] == ".")):
            last = i + 1
        elif word.lower() not in lexicon.name_joints() or i == first:
            break
        i += 1
    return last


def tagged(draft: Draft) -> list[Name]:
    """Return the network's names; one without a capital letter is none ("called" was tagged once).

    The network sees no lines: "... in Munich" above "MUNICH, 18 February" was one name to it. What stands in brackets
    is a name of its own: "National Liberation Army (ELN)".
    """
    assert draft.layers is not None
    labels = draft.layers.names.argmax(-1).tolist()
    out: list[Name] = []
    i = 0
    while i < len(labels):
        if not labels[i] or draft.word(i) == "(" or draft.word(i) in _NEVER_FIRST:
            i += 1
            continue
        kind, j = (labels[i] - 1) // 2, i + 1
        while j < len(labels) and _goes_on(draft, (i, j), labels, NAMES.types[kind]):
            j += 1
        if any(c.isupper() for c in draft.text((i, j))) or not draft.text((i, j)).isascii():
            words = _hyphenated(draft, (i, j)) if NAMES.types[kind] in ("PER", "ORG") else (i, j)
            words = _with_article(draft, words) if NAMES.types[kind] == "PER" else words
            out.append(Name(words, NAMES.types[kind]))
        i = max(j, out[-1].words[1] if out else j)
    return _whole(draft, out)


def _goes_on(draft: Draft, words: Range, labels: Sequence[int], kind: str) -> bool:
    """True where a name goes on behind its words so far. A person's second name may look like a body's ("Nabil
    Abdallah"), no third ("Melinda Gates Foundation"), nor two words of a body ("Cano World Press")."""
    first, i = words
    if draft.word(i) == "(" or draft.opens_line(i):
        return False
    inside = _inside(labels, i)
    if inside == kind:
        return True
    second = kind == "PER" and bool(inside) and i == first + 1
    return second and draft.word(i).istitle() and _inside(labels, i + 1) != inside


def _inside(labels: Sequence[int], i: int) -> str:
    """Return the kind of name that word i goes on with, empty where it begins one or is in none."""
    label = labels[i] if i < len(labels) else 0
    return NAMES.types[(label - 1) // 2] if label and label % 2 == 0 else ""


def _whole(draft: Draft, names: list[Name]) -> list[Name]:
    """Join the two halves of a name: the network begins "Antony" "Blinken" twice. A first word that stands alone
    elsewhere in the report is somebody's own name ("gave Biden Putin's letter")."""
    alone = Counter(draft.text(name.words) for name in names)
    out: list[Name] = []
    for name in names:
        before = out[-1] if out else None
        if before and _halves(draft, before, name) and alone[draft.text(before.words)] == 1:
            out[-1] = Name((before.words[0], name.words[1]), "PER")
        else:
            out.append(name)
    return out


def _halves(draft: Draft, one: Name, other: Name) -> bool:
    """True where two people's names of a word each stand side by side in a sentence."""
    first, last = one.words[0], other.words[0]
    if (one.kind, other.kind) != ("PER", "PER") or one.words != (first, last) or other.words != (last, last + 1):
        return False
    if last != first + 1 or draft.sentence_of(first) != draft.sentence_of(last):
        return False
    return draft.word(first).isalpha() and draft.word(first).lower() not in lexicon.titles()


def _hyphenated(draft: Draft, words: Range) -> Range:
    """Grow a name to the whole of its hyphenated words: "Kim Jong" + "-un", "Qaeda" behind "al-".

    Not for places: "Armenia-Azerbaijan talks" names two, "US-led" one and a half.
    """
    first, last = words
    while last < len(draft.words) and _touch(draft, last) and "-" in (draft.word(last - 1), draft.word(last)):
        if not (draft.word(last) == "-" or draft.word(last)[0].isalnum()):
            break
        last += 1
    if draft.word(last - 1) == "-":
        last -= 1
    while first > 0 and _touch(draft, first) and "-" in (draft.word(first - 1), draft.word(first)):
        if not (draft.word(first - 1) == "-" or draft.word(first - 1)[0].isalnum()):
            break
        first -= 1
    return first, last


def _with_article(draft: Draft, words: Range) -> Range:
    """Grow a person's name by the one that an article joins to it: "Abu Bakr" + "al-Baghdadi"."""
    at, n = words[1], len(draft.words)
    if at + 2 >= n or draft.lowered((at, at + 1))[0] not in lexicon.articles() or draft.word(at + 1) != "-":
        return words
    whole = _touch(draft, at + 1) and _touch(draft, at + 2) and draft.word(at + 2)[0].isupper()
    return (words[0], at + 3) if whole else words


def _touch(draft: Draft, i: int) -> bool:
    """True where no blank stands between word i and the word before it."""
    return draft.words[i - 1][1] == draft.words[i][0]


def _repeated(draft: Draft, names: list[Name]) -> list[Name]:
    """Return further places where the words of a found name of people or bodies stand."""
    known: dict[str, tuple[tuple[str, ...], str]] = {}
    for name in names:
        if name.kind in ("PER", "ORG"):
            words = tuple(draft.word(i) for i in range(*name.words))
            known.setdefault(words[0], (words, name.kind))
    for name in names:
        # "Öcalan", after "Abdullah Öcalan"; short family names ("Un", "Sen") are words too.
        family = draft.word(name.words[1] - 1)
        if name.kind == "PER" and name.words[1] - name.words[0] > 1 and len(family) > _SHORTEST and family.istitle():
            known.setdefault(family, ((family,), "PER"))
    out: list[Name] = []
    for i in range(len(draft.words) if known else 0):
        words, kind = known.get(draft.word(i), ((), ""))
        if not words:
            continue
        here = tuple(draft.word(k) for k in range(i, min(i + len(words), len(draft.words))))
        if here == words and words[0][:1].isupper():
            out.append(Name((i, i + len(words)), kind))
    return out
