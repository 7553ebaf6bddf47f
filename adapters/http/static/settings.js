// The backup: fetched with the session's token, and saved as a file.
import { translate } from "./messages.js";
import { send } from "./page.js";

const state = document.getElementById("backup-state");
document.getElementById("backup").addEventListener("click", async (event) => {
  event.target.disabled = true;
  state.textContent = translate("Copying the memory …");
  try {
    const response = await send("/settings/backup");
    const name = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition"))?.[1] ?? "scrubjay.db";
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await response.blob());
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
    state.textContent = translate("Saved as {name}.", { name });
  } catch (error) {
    state.textContent = error.message;
  }
  event.target.disabled = false;
});
