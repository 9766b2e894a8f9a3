"""What is made once: by one for all who wait, again after a failure, and forgotten when it is of no use."""

from __future__ import annotations

import threading

import pytest

from pourparler.web.made_once import MadeOnce


def test_many_who_ask_at_once_wait_for_one() -> None:
    kept, made, going = MadeOnce(8), [], threading.Event()

    def make() -> str:
        made.append(threading.get_ident())
        assert going.wait(10)
        return "an answer"

    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(kept.get("key", make))) for _ in range(8)]
    for one in threads:
        one.start()
    going.set()
    for one in threads:
        one.join(10)
    assert found == ["an answer"] * 8 and len(made) == 1


def test_a_failure_is_not_kept_and_each_key_has_its_own() -> None:
    kept = MadeOnce(8)
    with pytest.raises(ZeroDivisionError):
        kept.get("key", lambda: 1 / 0)
    assert kept.get("key", lambda: 2.0) == 2.0
    assert kept.get("key", lambda: 3.0) == 2.0
    assert kept.get("other", lambda: 3.0) == 3.0


def test_what_is_not_to_be_kept_is_made_again() -> None:
    kept = MadeOnce(8)
    assert [kept.get("key", lambda n=n: n, keep=lambda n: n == 2) for n in range(5)] == [0, 1, 2, 2, 2]


def test_the_oldest_go_and_so_does_what_is_forgotten() -> None:
    kept = MadeOnce(2)
    for n in range(3):
        kept.get(n, lambda n=n: n)
    assert kept.get(2, lambda: "again") == 2
    assert kept.get(1, lambda: "again") == 1
    assert kept.get(0, lambda: "again") == "again"
    kept.forget(lambda key: key == 0)
    assert kept.get(0, lambda: "anew") == "anew"
