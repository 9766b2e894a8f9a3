"""Actors: names, descriptions and pronouns joined into who they stand for, with country and sector."""

from __future__ import annotations

import bisect
import datetime
from collections.abc import Iterable, Sequence

from pourparler import codebook, knowledge
from pourparler.model.labels import SECTORS
from pourparler.reading import lexicon
from pourparler.reading.draft import Draft, Name, Range
from pourparler.reading.identity import BODIES, Cluster, Clusters, bracketed, definite, fuller, key, same
from pourparler.reading.pairs import Links, pair, plurals
from pourparler.reading.text import published_day
from pourparler.record import Actor, ActorKind

_NEAR = 20  # words between a pronoun that speaks and its cue


class Actors:
    """Joins mentions: a name with its shorter forms, a state with its government and its demonym,
    a plural ("both sides") with the two it stands for, a pronoun with the nearest fitting name."""

    name = "reading.actors.v3"
    needs = frozenset({"layers", "names", "triggers", "attributions", "sentences"})
    gives = frozenset({"actors", "actor_of", "plurals"})

    def __call__(self, draft: Draft) -> None:
        clusters = Clusters(draft)
        links: dict[Range, list[Cluster]] = {}
        draft.plurals = tuple(plurals(draft))
        mentions = _mentions(draft)
        pieces = _pieces(draft, mentions)
        for words in mentions:
            if words not in pieces:
                links[words] = _place(draft, words, clusters, links)
        links |= {piece: links[whole] for piece, whole in pieces.items()}
        _finish(draft, clusters, links)


def _mentions(draft: Draft) -> list[Range]:
    """Return arguments and free names in the order of the text; a name inside an argument is the argument's, but for
    a person to whom who is told of only belongs."""
    spans = {a.words for t in draft.triggers for a in t.arguments if a.role != "place"}
    spans |= {a.words for t in draft.attributions for a in t.speakers}
    spans -= {t.words for t in draft.triggers}  # "who mediates": what is done is nobody
    # "both countries" is one mention even where the network points at a piece of it.
    inside = {i for p in draft.plurals for i in range(*p)}
    spans = {s for s in spans if inside.isdisjoint(range(*s))} | set(draft.plurals)
    # Whose spokesman it is is named besides: "Aliyev" further on is he.
    owners = {n.words for s in spans for n in draft.names_in(s) if n.kind == "PER" and _belongs(draft, s, n.words)}
    free = {n.words for n in draft.names if n.kind in ("PER", "ORG", "LOC")}
    taken = {i for s in spans for i in range(*s)}
    spans |= {f for f in free if not taken.issuperset(range(*f))}
    taken = {i for s in spans for i in range(*s)}
    singular = lexicon.pronouns().singular
    pronouns = {(i, i + 1) for i, word in enumerate(draft.lowered((0, len(draft.words)))) if word in singular}
    return sorted(spans | owners | {p for p in pronouns if p[0] not in taken})


def _pieces(draft: Draft, mentions: Sequence[Range]) -> dict[Range, Range]:
    """Return mentions that are a piece of a longer one, no name of its own: "Armenian Prime" of "Armenian Prime
    Minister Nikol Pashinyan", where the network points at the one from afar."""
    names = {name.words for name in draft.names}
    out: dict[Range, Range] = {}
    for at, words in enumerate(mentions):
        near = mentions[max(0, at - 3) : at + 4]
        wholes = [m for m in near if m != words and m[0] <= words[0] and words[1] <= m[1]]
        if wholes and words not in names and words not in draft.plurals:
            out[words] = max(wholes, key=lambda m: m[1] - m[0])
    return {piece: whole for piece, whole in out.items() if whole not in out}


def _place(draft: Draft, words: Range, clusters: Clusters, links: Links) -> list[Cluster]:
    """Return the clusters that a mention stands for, making one where none fits."""
    lowered = draft.lowered(words)
    if len(lowered) == 1 and lowered[0] in lexicon.pronouns().singular:
        found = _speaking_on(draft, words, links) or _antecedent(lowered[0], words, clusters)
        for cluster in found:
            cluster.add(words)
        return found
    if two := pair(draft, words, clusters, links):
        for cluster in two:
            cluster.add(words)
        return two
    if person := _in_apposition(draft, words, clusters):
        person.role = person.role or _bare(draft, words)
        person.country = person.country or _country(draft, words)
        person.sector = person.sector or codebook.load().sector_of(draft.lowered(words))
        person.add(words)
        return [person]
    if body := bracketed(draft, words, links):
        body.also.append(words)
        clusters.found_by(body, words)
        body.add(words)
        return [body]
    if body := definite(draft, words, clusters):
        body.add(words)
        return [body]
    fresh = describe(draft, words)
    for cluster in clusters.like(fresh):
        if same(draft, cluster, fresh):
            _join(draft, cluster, fresh)
            clusters.found_by(cluster, cluster.name)
            return [cluster]
    clusters.append(fresh)
    return [fresh]


def _in_apposition(draft: Draft, words: Range, clusters: Clusters) -> Cluster | None:
    """Return the person whom the words describe: "Charles Michel, the president of the European Council"."""
    if words[0] < 2 or draft.word(words[0] - 1) != "," or draft.word(words[0]).lower() not in lexicon.determiners():
        return None
    if any(n.kind == "PER" for n in draft.names_in(words)) or codebook.load().sector_of(draft.lowered(words)) is None:
        return None
    return next((c for c in clusters if c.kind == "person" and c.last[1] == words[0] - 1), None)


def describe(draft: Draft, words: Range) -> Cluster:
    """Return a mention as an actor of its own: what its words alone tell."""
    names = [n for n in draft.names_in(words) if words[0] <= n.words[0] and n.words[1] <= words[1]]
    known = knowledge.known_actor(_bare(draft, words))
    people = [n.words for n in reversed(names) if n.kind == "PER"]
    person = next((name for name in people if not _belongs(draft, words, name)), None)
    country = _country(draft, words)
    if people and person is None and country is None and (day := published_day(draft)):
        country = knowledge.country_of_person(draft.text(people[0]), on=day)
    if person is not None:
        person = _from_the_first(draft, words, _to_the_end(draft, words, person))
        role = _title(draft, (words[0], person[0]))
        sector = codebook.load().sector_of(draft.lowered((words[0], person[0]))) if role else None
        cluster = Cluster(person, "person", country, sector, role)
    elif known is not None:
        cluster = Cluster(words, known.kind, known.country or country, known.sector)
    elif _people(draft, words):
        cluster = Cluster(words, "group", country, codebook.load().sector_of(draft.lowered(words)))
    elif knowledge.country_of(_bare(draft, words)) is not None:
        cluster = Cluster(words, "state", country, "GOV")
    else:
        cluster = Cluster(words, _kind(draft, words, names), country, codebook.load().sector_of(draft.lowered(words)))
    if cluster.sector is None:
        cluster.sector = _learned_sector(draft, words)
    cluster.add(words)
    return cluster


def _kind(draft: Draft, words: Range, names: Sequence[Name]) -> ActorKind:
    """Return what the name that makes most of a mention says; "the Colombian government" and "Bogota's government"
    are no places."""
    kinds = {n.kind for n in names if n.words[1] - n.words[0] >= (words[1] - words[0]) * 0.6}
    if "ORG" in kinds:
        return "organization"
    inside = [n for n in names if n.kind == "LOC"]
    of_it = any(
        n.words[1] < words[1]
        and (
            knowledge.is_demonym(_bare(draft, n.words))
            or not lexicon.belonging().genitives.isdisjoint(draft.lowered((n.words[1] - 1, n.words[1] + 1)))
        )
        for n in inside
    )
    return "place" if "LOC" in kinds and not of_it else "group"


def _to_the_end(draft: Draft, words: Range, name: Range) -> Range:
    """Return a person's name with the words like it that end the mention: "Xilian" behind "Huang"."""
    rest = [draft.word(i) for i in range(name[1], words[1])]
    return (name[0], words[1]) if rest and all(word.istitle() and word.isalpha() for word in rest) else name


def _from_the_first(draft: Draft, words: Range, name: Range) -> Range:
    """Return a person's name with the first name before it, where that stands right behind a title or a country's
    genitive: "leader Ismail Haniyeh", "chief, Min Aung Hlaing", "Algeria's Abdelkader Messahel"."""
    first = name[0] - 1
    before = draft.lowered((max(words[0], first - 2), first)) if first > words[0] else []
    title = before[-2:-1] if before[-1:] == [","] else before[-1:]
    if lexicon.titles().isdisjoint(title) and not _genitive(draft, (words[0], first)):
        return name
    word, others = draft.word(first), [n for n in draft.names_in((first, name[0])) if n.kind != "PER"]
    if others or not (word.istitle() and word.isalpha()) or word.lower() in lexicon.titles():
        return name
    return name if knowledge.is_demonym(word) else (first, name[1])


def _genitive(draft: Draft, words: Range) -> bool:
    """True for a country's name in the genitive: "Algeria's"."""
    first, last = words
    alone = [n for n in draft.names_in(words) if n.kind == "LOC" and n.words[0] == first]
    tail = draft.text(words)[-2:] if first < last else ""
    return bool(alone) and tail in ("'s", "’s") and alone[0].words[1] >= last - 2


def _belongs(draft: Draft, words: Range, name: Range) -> bool:
    """True where words tell of somebody who belongs to the person named: "a spokesman for Yasser Arafat", "supporters
    of opposition leader Viktor Yushchenko", "Putin's adviser"; not "Minister of Defence John Hutton"."""
    if name[1] + 1 < words[1] and draft.word(name[1]) in lexicon.belonging().genitives:
        return True
    lowered = draft.lowered((words[0], name[0]))
    at = max((i for i, word in enumerate(lowered) if word in lexicon.belonging().prepositions), default=-1)
    if at < 1:
        return False
    between = [i for i in range(at + 1, len(lowered)) if lowered[i] not in (".", *lexicon.determiners())]
    if not between:
        # The network took "Industry Jim Prentice" for the name of the "Minister of Industry Jim Prentice".
        return not (lowered[at] == "of" and lowered[at - 1] in lexicon.titles())
    *before, title = between
    fits = lexicon.belonging().modifiers | lexicon.titles()
    return lowered[title] in lexicon.titles() and all(
        lowered[i] in fits or (word := draft.word(words[0] + i)).isupper() or knowledge.is_demonym(word)
        for i in before
    )


def _title(draft: Draft, words: Range) -> str | None:
    """Return the words before a person's name without article and comma: "its leader, Vahram Poghosyan"."""
    first, last = words
    if first < last and draft.word(last - 1) == ",":
        last -= 1
    return _bare(draft, (first, last)) if first < last else None


def _people(draft: Draft, words: Range) -> bool:
    """True for the people of a country ("Armenians"): a demonym in the plural is no state."""
    hits = knowledge.countries_in(_bare(draft, words))
    last = draft.word(words[1] - 1)
    return words[1] - words[0] <= 2 and last.endswith("s") and any(h.kind == "demonym" for h in hits)


def _bare(draft: Draft, words: Range) -> str:
    first = words[0]
    while first < words[1] - 1 and draft.word(first).lower() in lexicon.determiners():
        first += 1
    return draft.text((first, words[1]))


def _country(draft: Draft, words: Range) -> str | None:
    whole = knowledge.country_of(_bare(draft, words))
    if whole:
        return whole
    hits = knowledge.countries_in(draft.text(words))
    found = {hit.alpha3 for hit in hits}
    return hits[0].alpha3 if len(found) == 1 else None


def _learned_sector(draft: Draft, words: Range) -> str | None:
    """Return the network's sector for a mention, where it is sure enough to be right more often than not."""
    assert draft.layers is not None
    mean = draft.layers.sector[words[0] : words[1]].mean(0)
    best = int(mean.argmax())
    return SECTORS[best] if best and mean[best] > 0.5 else None


def _join(draft: Draft, cluster: Cluster, fresh: Cluster) -> None:
    if len(key(draft, fresh.name)) > len(key(draft, cluster.name)) and cluster.kind == "person":
        cluster.name = fresh.name
    elif cluster.kind in BODIES and fresh.kind in BODIES and fuller(draft, cluster.name, fresh.name):
        cluster.name, cluster.kind = fresh.name, fresh.kind
    cluster.country = cluster.country or fresh.country
    cluster.sector = cluster.sector if cluster.role or not fresh.role else fresh.sector or cluster.sector
    cluster.role = cluster.role or fresh.role
    cluster.add(fresh.last)


def _speaking_on(draft: Draft, words: Range, links: Links) -> list[Cluster]:
    """Return the person whose words the sentence before a pronoun gave, where the pronoun speaks too: "Zelenskiy said
    he was ready to meet Putin. ... he added."."""
    if draft.word(words[0]).lower() not in lexicon.pronouns().person:
        return []
    first = draft.sentence_of(words[0])[0]
    low = bisect.bisect_left(draft.attributions, first, key=lambda a: a.cue[0])
    begin, end = (
        bisect.bisect_left(draft.attributions, words[0] + n, key=lambda a: a.cue[0]) for n in (-_NEAR, _NEAR)
    )
    near = draft.attributions[max(low, begin) : end]
    if not low or not any(s.words == words for a in near for s in a.speakers):
        return []
    last = draft.attributions[low - 1]
    if draft.sentence_of(last.cue[0])[1] != first:
        return []
    people = [c for s in last.speakers for c in links.get(s.words, ()) if c.kind == "person"]
    return people if len(people) == 1 else []


def _antecedent(pronoun: str, words: Range, clusters: Iterable[Cluster]) -> list[Cluster]:
    """Return the nearest earlier actor that fits a pronoun; nobody where none is within two hundred words."""
    wanted = ("person",) if pronoun in lexicon.pronouns().person else ("state", "organization", "armed_group")
    near = [c for c in clusters if c.kind in wanted and 0 <= words[0] - c.last[1] < 200]
    return [max(near, key=lambda c: c.last[0])] if near else []


def _name(draft: Draft, cluster: Cluster) -> str:
    """Return what an actor is called: a state by its country's name, others by the report's words without "the"."""
    if cluster.kind == "state" and cluster.country:
        return knowledge.country_name(cluster.country) or _bare(draft, cluster.name)
    return _bare(draft, cluster.name)


def _finish(draft: Draft, clusters: Clusters, links: dict[Range, list[Cluster]]) -> None:
    ids = {id(cluster): f"a{n + 1}" for n, cluster in enumerate(clusters)}
    out = []
    day = published_day(draft)
    for cluster in clusters:
        if cluster.kind == "person" and day and not (cluster.country and cluster.sector):
            _in_office(draft, cluster, day)
        quotes = tuple(draft.quote(words) for words in sorted(cluster.mentions))
        out.append(
            Actor(
                ids[id(cluster)],
                _name(draft, cluster),
                cluster.kind,
                cluster.country,
                cluster.sector,
                cluster.role,
                quotes,
                _holder(draft, cluster, day),
            )
        )
    draft.actors = tuple(out)
    draft.actor_of = {words: tuple(ids[id(c)] for c in found) for words, found in links.items()}


def _in_office(draft: Draft, cluster: Cluster, day: datetime.date) -> None:
    """Complete a person from the office that somebody of the name held on the day of the report."""
    name = draft.text(cluster.name)
    country = knowledge.country_of_person(name, on=day)
    if country is None or cluster.country not in (None, country):
        return
    cluster.country = country
    if cluster.sector is None:
        title = knowledge.offices_of(name, on=day)[0].office.title
        cluster.sector = codebook.load().sector_of(title.split()) or "GOV"


def _holder(draft: Draft, cluster: Cluster, day: datetime.date | None) -> str | None:
    """Return who held the office that an actor is called by on a day, where the report names nobody."""
    if cluster.kind == "person" or day is None or any(n.kind == "PER" for n in draft.names_in(cluster.name)):
        return None
    office = knowledge.office_in(draft.text(cluster.name), country=cluster.country)
    found = knowledge.holders(office, on=day) if office else ()
    return found[0].holder if found else None
