"""The examples that open every prompt: a small model follows them better than any rule.

They stand as turns between the rules and the question, always the same, so that an engine which keeps what it has read
evaluates them once. Each shows one thing: a date worked out, a swapped person, a list gathered from several memories, a
conclusion with its reason, a reason in the memory's own words, a count, another language, and what nobody told.
"""

from __future__ import annotations

from bot.models import Turn

NOTHING = "nothing"
"""What a model writes when the memories do not answer: one word, which a small model gets right."""

_EXAMPLES: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (
        (
            "2 March 2024, Ines: I ran my first half marathon yesterday [1 March 2024], I am so sore!",
            "5 March 2024, Tom: Congrats on the half marathon!",
        ),
        "When did Ines run the half marathon?",
        "1 March 2024",
    ),
    (
        (
            "4 April 2024, Tom: My boat sank last week [25 March 2024 to 31 March 2024], what a mess.",
            "4 April 2024, Ines: Oh no, your boat!",
        ),
        "Why did Ines's boat sink?",
        NOTHING,
    ),
    (
        (
            "10 June 2024, Ines: I planted tomatoes behind the house.",
            "3 July 2024, Ines: The basil and the sweet corn are growing well too.",
            "9 July 2024, Tom: I bought a cactus.",
        ),
        "What does Ines grow in her garden?",
        "tomatoes, basil, sweet corn",
    ),
    (
        ("8 May 2024, Tom: I get seasick even on a ferry.", "9 May 2024, Ines: Then no sailing for you!"),
        "Would Tom enjoy a cruise?",
        "likely no, because he gets seasick",
    ),
    (
        (
            "1 August 2024, Ines: I sold the car because I want to save up for a piano.",
            "2 August 2024, Tom: I will miss that car!",
        ),
        "Why did Ines sell her car?",
        "to save up for a piano",
    ),
    (
        (
            "5 May 2024, Tom: Won my second chess match today [5 May 2024]!",
            "20 May 2024, Tom: Third chess match won.",
            "21 May 2024, Ines: Well done.",
        ),
        "How many chess matches has Tom won?",
        "three",
    ),
    (("7 May 2024, Ines: Our new flat is in Mill Lane, number 12.",), "¿Dónde vive Ines?", "en Mill Lane, número 12"),
)
"""Memories, a question, and its answer."""


def lay_out(memories: str, question: str, hint: str = "") -> str:
    """Return the user's turn of a question, laid out as in the examples; `hint` says what kind of answer is wanted."""
    return f"Memories:\n{memories}\n\nQuestion: {question}" + (f"\n({hint})" if hint else "")


EXAMPLES: tuple[Turn, ...] = tuple(
    turn
    for memories, question, answer in _EXAMPLES
    for turn in (Turn("user", lay_out("\n".join(memories), question)), Turn("assistant", answer))
)

EXAMPLES_TEXT = "\n".join(turn.text for turn in EXAMPLES)
"""What the examples say, to count its tokens."""
