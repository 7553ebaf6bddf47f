"""What people send on Discord besides words and files, put into words so that it can be remembered."""

from __future__ import annotations

import discord


def describe(message: discord.Message) -> str:
    """Return stickers by their names, a poll with its options, and its result once Discord tells that; else ""."""
    if message.type is discord.MessageType.poll_result:
        return _describe_result(message)
    stickers = [f":{sticker.name.replace(' ', '_')}:" for sticker in message.stickers]
    polls = [] if message.poll is None else [_describe_poll(message.poll)]
    return " ".join(polls + stickers)


def _describe_poll(poll: discord.Poll) -> str:
    return f"(poll: {poll.question} {' / '.join(answer.text for answer in poll.answers)})"


def _describe_result(message: discord.Message) -> str:
    """Return the winner; Discord tells the other options' votes in the poll alone.

    https://discord.com/developers/docs/resources/message#embed-fields-by-embed-type-poll-result-embed-fields
    """
    fields = {field.name: field.value for embed in message.embeds for field in embed.fields}
    question, votes = fields.get("poll_question_text"), fields.get("total_votes", "0")
    if not question:
        return ""
    winner = fields.get("victor_answer_text") or fields.get("victor_answer_emoji_name")
    if winner is None:
        return f"(poll: {question} Closed, votes: {votes}. There is no winner)"
    return f"(poll: {question} Closed, votes: {votes}. {winner}: {fields.get('victor_answer_votes', '0')})"
