"""Feeds into an archive: what is new is kept and read, then what the poller remembers of the feed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from pourparler.archive import schema
from pourparler.archive.adding import Added, add, catch_up
from pourparler.archive.feeds import Feed, FeedState, Poller
from pourparler.archive.store import Archive, Arrived

if TYPE_CHECKING:
    from pourparler.reading import Reader


def state_of(archive: Archive, feed: Feed) -> FeedState:
    """Return what is remembered of a feed; the state of one never polled where that cannot be read."""
    with archive.reading() as connection:
        kept = connection.execute(select(schema.feed.c.state).where(schema.feed.c.url == feed.url)).scalar()
    try:
        return FeedState.from_json(kept) if kept else FeedState()
    except ValueError:
        # Written by another version: the feed is asked anew, and the archive passes over what it has.
        return FeedState()


def take_up(archive: Archive, reader: Reader) -> Added | None:
    """Read what was kept and never read; return what that was, or None where nothing of it and nothing else waits.

    A feed may no longer tell an item that was kept before a kill. What is returned still is to be joined.
    """
    done = catch_up(archive, reader)
    return done if done.taken or archive.counts().pending else None


def watch_once(archive: Archive, feeds: Iterable[Feed], reader: Reader, poller: Poller) -> Added:
    """Poll the feeds that are due, keep and read what is new; return how much that was. Joining is another step."""
    done = Added()
    for feed in feeds:
        before = state_of(archive, feed)
        if not poller.is_due(before):
            continue
        found = poller.poll(feed, before)
        added = add(archive, [Arrived(document, feed.url) for document in found.documents], reader)
        # Only now: killed before, the items come again with the next polling.
        _remember(archive, feed, found.state)
        done += added
    return done


def _remember(archive: Archive, feed: Feed, state: FeedState) -> None:
    with archive.writing() as connection:
        connection.execute(delete(schema.feed).where(schema.feed.c.url == feed.url))
        connection.execute(insert(schema.feed).values(url=feed.url, state=state.to_json()))
