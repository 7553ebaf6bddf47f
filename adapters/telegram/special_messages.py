"""Messages that are neither text nor file, put into words so that they can be remembered."""

from __future__ import annotations

from telegram import Message


def describe(message: Message) -> str:
    """Return a venue, place, contact or poll as a line of text, a sticker as its emoji; "" for anything else."""
    if message.venue is not None:
        place = message.venue.location
        return f"(place: {message.venue.title}, {message.venue.address}; {place.latitude:.5f}, {place.longitude:.5f})"
    if message.location is not None:
        return f"(location: {message.location.latitude:.5f}, {message.location.longitude:.5f})"
    if message.contact is not None:
        contact = message.contact
        name = " ".join(part for part in (contact.first_name, contact.last_name) if part)
        return f"(contact: {name}, {contact.phone_number})"
    if message.sticker is not None:
        return message.sticker.emoji or ""
    if message.poll is not None:
        return f"(poll: {message.poll.question} {' / '.join(option.text for option in message.poll.options)})"
    return ""
