"""The receipt of what one transaction has removed: each count is of its own kind."""

from __future__ import annotations

from memory.forgetting.removed import Dropped, Emptied, count_removed


def test_each_count_is_of_its_own_kind() -> None:
    kinds = ["message", "fact", "fact", "answer", "answer", "answer", "question", "document"]
    receipt = count_removed(kinds, 9, Dropped(10, 11, 12), Emptied(13, 14), ("a", "b"))
    assert (receipt.passages, receipt.vectors, receipt.full_text) == (8, 9, 4)
    assert (receipt.facts, receipt.answers) == (2, 3)
    assert (receipt.documents, receipt.conversations) == (13, 14)
    assert (receipt.replies, receipt.jobs, receipt.values, receipt.files) == (10, 11, 12, 2)
