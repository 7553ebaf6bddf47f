"""What `scrubjay doctor` says about a Telegram bot, and how to fix it."""

from __future__ import annotations

from telegram import User, WebhookInfo
from telegram.error import BadRequest, InvalidToken, TelegramError

from adapters.telegram.client import TOKEN_REFUSED, Bot, explain, introduce, make_bot
from adapters.telegram.settings import TelegramSettings
from bot.adapter import Finding

NAME = "telegram"
GROUPS = f"{NAME} groups"
DELIVERY = f"{NAME} delivery"


async def check(settings: TelegramSettings) -> list[Finding]:
    """Ask Telegram about the bot. Nothing is changed."""
    bot = make_bot(settings)
    try:
        await introduce(bot)
        return [_token(bot.bot), _groups(bot.bot), await _ask_about_delivery(bot, settings)]
    except InvalidToken:
        return [Finding(NAME, "broken", "the token is refused", TOKEN_REFUSED)]
    except TelegramError as error:
        mend = "check the network, and adapters.telegram.base_url if it is set"
        return [Finding(NAME, "broken", f"{settings.api} can't be reached: {explain(error)}", mend)]
    finally:
        await bot.shutdown()


async def _ask_about_delivery(bot: Bot, settings: TelegramSettings) -> Finding:
    try:
        return _delivery(await bot.get_webhook_info(), settings)
    except (BadRequest, InvalidToken):  # the token is right, so this is a server without webhooks
        return Finding(DELIVERY, "note", "the server does not tell whether a webhook takes the messages")


def _token(me: User) -> Finding:
    return Finding(NAME, "ok", f"@{me.username} ({me.full_name}), https://t.me/{me.username}")


def _groups(me: User) -> Finding:
    """Look at the switches for groups (https://core.telegram.org/bots/features#privacy-mode)."""
    if not me.can_join_groups:
        mend = "if it should: @BotFather, /setjoingroups, Enable"
        return Finding(GROUPS, "note", "the bot can't be added to groups", mend)
    if not me.can_read_all_group_messages:
        mend = (
            "@BotFather, /setprivacy, Disable, then remove the bot from its groups and add it again; "
            "or make it an admin there"
        )
        return Finding(
            GROUPS, "note", "privacy mode is on: in groups the bot sees and remembers only what is said to it", mend
        )
    return Finding(GROUPS, "ok", "the bot sees all messages of its groups")


def _delivery(info: WebhookInfo, settings: TelegramSettings) -> Finding:
    if settings.webhook is None and info.url:
        mend = "stop the other program; `scrubjay run` removes the webhook. Or set adapters.telegram.webhook"
        return Finding(DELIVERY, "note", "messages go to a webhook, though polling is set up", mend)
    if settings.webhook is None:
        return Finding(DELIVERY, "ok", f"polling, {_waiting(info)}")
    if info.url and info.url != settings.webhook.url:
        mend = "stop the other program; `scrubjay run` sets the webhook that is in the settings"
        return Finding(DELIVERY, "note", "messages go to another webhook than the one in the settings", mend)
    if info.last_error_message:
        mend = f"let {settings.webhook.url} lead to {settings.webhook.host}:{settings.webhook.port}"
        return Finding(DELIVERY, "broken", f"the webhook fails: {info.last_error_message}", mend)
    return Finding(DELIVERY, "ok", f"webhook, {_waiting(info)}")


def _waiting(info: WebhookInfo) -> str:
    count = info.pending_update_count
    return "nothing waits" if not count else f"{count} messages wait for `scrubjay run`"
