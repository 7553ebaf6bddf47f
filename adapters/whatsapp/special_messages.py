"""Messages that are neither text nor file, put into words so that they can be remembered."""

from __future__ import annotations

from collections.abc import Iterator

from adapters.whatsapp.places import Json


def describe(message: Json) -> str:
    """Return a place, contacts or an order as a line of text; "" for anything else."""
    match message.get("type"):
        case "location":
            return _describe_location(message["location"])
        case "contacts":
            return "\n".join(f"(contact: {', '.join(_contact_parts(each))})" for each in message["contacts"])
        case "order":
            return _describe_order(message["order"])
        case _:
            return ""


def _describe_location(place: Json) -> str:
    spot = f"{float(place['latitude']):.5f}, {float(place['longitude']):.5f}"
    told = ", ".join(str(place[key]) for key in ("name", "address") if place.get(key))
    return f"(place: {told}; {spot})" if told else f"(location: {spot})"


def _contact_parts(contact: Json) -> Iterator[str]:
    name = contact.get("name") or {}
    yield str(name.get("formatted_name") or name.get("first_name") or "somebody")
    for kind, key in (("phones", "phone"), ("emails", "email")):
        yield from (str(each[key]) for each in contact.get(kind) or () if each.get(key))


def _describe_order(order: Json) -> str:
    items = [f"{each.get('quantity', 1)} × {each.get('product_retailer_id', '?')}" for each in order["product_items"]]
    said = str(order.get("text") or "")
    return "\n".join(part for part in (f"(order: {', '.join(items)})", said) if part)
