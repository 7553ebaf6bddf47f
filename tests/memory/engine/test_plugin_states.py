from __future__ import annotations

from memory.addresses import StoreAddress
from memory.databases import open_ledger
from memory.plugin_records import PluginState


async def test_a_plugin_nobody_decided_about_has_a_state_that_decides_nothing(store: StoreAddress) -> None:
    async with open_ledger(store) as ledger:
        assert await ledger.plugin_states.find("dice") == PluginState("dice")
        assert await ledger.plugin_states.read_all() == {}


async def test_switching_replaces_digest_and_reason_and_leaves_the_settings(store: StoreAddress) -> None:
    async with open_ledger(store) as ledger:
        states = ledger.plugin_states
        await states.set("dice", {"sides": 6, "names": ["a", "b"]})
        assert await states.find("dice") == PluginState("dice", settings={"sides": 6, "names": ["a", "b"]})
        await states.switch("dice", enabled=True, digest="ab12")
        await states.switch("dice", enabled=False, reason="it failed three times in a row")
        expected = PluginState(
            "dice", enabled=False, settings={"sides": 6, "names": ["a", "b"]}, reason="it failed three times in a row"
        )
        assert await states.read_all() == {"dice": expected}
        await states.set("dice", {})
        assert (await states.find("dice")).enabled is False


async def test_another_process_sees_a_decision_at_once(store: StoreAddress) -> None:
    async with open_ledger(store) as one, open_ledger(store) as other:
        await one.plugin_states.switch("dice", enabled=True)
        assert (await other.plugin_states.find("dice")).enabled is True
