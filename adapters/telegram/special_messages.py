"""Messages that are neither text nor file, put into words so that they can be remembered."""

from __future__ import annotations

from telegram import Location, Message, Poll, Venue


def describe(message: Message) -> str:
    """Return a venue, place, contact, poll or list as a line of text, a sticker as its emoji; "" for anything else."""
    # A venue comes with a location too, which says less.
    if (place := message.venue or message.location) is not None:
        return _describe_place(place)
    if message.contact is not None:
        contact = message.contact
        name = " ".join(part for part in (contact.first_name, contact.last_name) if part)
        return f"(contact: {name}, {contact.phone_number})"
    if message.sticker is not None:
        return message.sticker.emoji or ""
    if message.dice is not None:
        return f"{message.dice.emoji} {message.dice.value}"
    if message.checklist is not None:
        tasks = "\n".join(f"- {task.text}" for task in message.checklist.tasks)
        return f"{message.checklist.title}\n{tasks}"
    return "" if message.poll is None else describe_poll(message.poll)


def _describe_place(place: Venue | Location) -> str:
    if isinstance(place, Venue):
        spot = place.location
        return f"(place: {place.title}, {place.address}; {spot.latitude:.5f}, {spot.longitude:.5f})"
    return f"(location: {place.latitude:.5f}, {place.longitude:.5f})"


def describe_poll(poll: Poll) -> str:
    """Return a poll as a line of text, with its result once it is closed."""
    if not poll.is_closed:
        return f"(poll: {poll.question} {' / '.join(option.text for option in poll.options)})"
    result = " / ".join(f"{option.text}: {option.voter_count}" for option in poll.options)
    return f"(poll: {poll.question} Closed, voters: {poll.total_voter_count}. {result})"
