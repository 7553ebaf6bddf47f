"""WhatsApp as a way in and out, through Meta's WhatsApp Business Cloud API."""

from adapters.whatsapp.adapter import WhatsAppAdapter

__all__ = ["WhatsAppAdapter"]
