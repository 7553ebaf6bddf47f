// The field to write in: it grows, completes commands, and takes files.

import { translate } from "./messages.js";

/** Make a composer; `say(text, files, progress)` sends, and resolves when that is done. */
export class Composer {
  constructor(form, say) {
    this.form = form;
    this.say = say;
    this.field = form.querySelector("textarea");
    this.commands = form.querySelector("#commands");
    this.list = form.querySelector("#files");
    this.progress = form.querySelector("progress");
    this.files = [];
    form.addEventListener("submit", (event) => this.submit(event));
    this.field.addEventListener("input", () => this.changed());
    this.field.addEventListener("keydown", (event) => this.pressed(event));
    this.field.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    this.commands.addEventListener("mousedown", (event) => this.pick(event));
    form.querySelector("#picker").addEventListener("change", (event) => {
      this.add(event.target.files);
      event.target.value = "";
    });
    this.field.addEventListener("paste", (event) => {
      if (event.clipboardData.files.length) this.add(event.clipboardData.files);
    });
  }

  fill(text) {
    this.field.value = text;
    this.field.focus();
    this.changed();
  }

  async submit(event) {
    event.preventDefault();
    const text = this.field.value.trim();
    if (!text && !this.files.length) return this.field.focus();
    const files = this.files;
    this.files = [];
    this.fill("");
    this.showFiles();
    this.progress.hidden = !files.length;
    try {
      await this.say(text, files, (part) => (this.progress.value = part));
    } catch {
      this.files = files;  // nothing is lost: it can be sent again
      this.fill(text);
      this.showFiles();
    }
    this.progress.hidden = true;
    this.progress.value = 0;
  }

  changed() {
    this.field.style.height = "auto";
    this.field.style.height = `${this.field.scrollHeight}px`;
    this.complete();
  }

  // files

  add(files) {
    this.files.push(...files);
    this.showFiles();
    this.field.focus();
  }

  showFiles() {
    this.list.replaceChildren(...this.files.map((file, at) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = `${file.name} ✕`;
      button.setAttribute("aria-label", translate("Leave out {name}", { name: file.name }));
      button.addEventListener("click", () => {
        this.files.splice(at, 1);
        this.showFiles();
        this.field.focus();
      });
      const item = document.createElement("li");
      item.append(button);
      return item;
    }));
  }

  // commands

  get shown() {
    return [...this.commands.children].filter((each) => !each.hidden);
  }

  get chosen() {
    return this.commands.querySelector('[aria-selected="true"]');
  }

  complete() {
    const typed = this.field.value;
    const asks = /^\/\w*$/.test(typed);
    for (const each of this.commands.children) {
      each.hidden = !(asks && each.dataset.name.startsWith(typed) && each.dataset.name !== typed);
    }
    const shown = this.shown;
    this.commands.hidden = !shown.length;
    this.choose(shown[0] ?? null);
  }

  choose(item) {
    this.chosen?.setAttribute("aria-selected", "false");
    item?.setAttribute("aria-selected", "true");
    item?.scrollIntoView({ block: "nearest" });
    if (item) this.field.setAttribute("aria-activedescendant", item.id);
    else this.field.removeAttribute("aria-activedescendant");
  }

  close() {
    this.commands.hidden = true;
    this.choose(null);
  }

  pick(event) {
    const item = event.target.closest("[data-name]");
    if (!item) return;
    event.preventDefault();
    this.fill(`${item.dataset.name} `);
  }

  pressed(event) {
    if (event.isComposing) return;
    if (!this.commands.hidden) {
      const shown = this.shown;
      const at = shown.indexOf(this.chosen);
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        event.preventDefault();
        return this.choose(shown[(at + step + shown.length) % shown.length]);
      }
      if ((event.key === "Tab" || event.key === "Enter") && this.chosen) {
        event.preventDefault();
        return this.fill(`${this.chosen.dataset.name} `);
      }
      if (event.key === "Escape") return this.close();
    }
    const sends = event.key === "Enter" && !event.shiftKey && matchMedia("(pointer: fine)").matches;
    if (sends || (event.key === "Enter" && (event.ctrlKey || event.metaKey))) {
      event.preventDefault();
      this.form.requestSubmit();
    }
  }
}
