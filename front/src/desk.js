// The desk's script. Every page works without it, but for charts; nothing here is asked from another machine.
import { drawAll } from "./charts.js";
import { keys } from "./keys.js";
import { progress } from "./progress.js";
import { zones } from "./zones.js";

document.documentElement.classList.add("js");
for (const select of document.querySelectorAll("select[data-submit]")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}
for (const form of document.querySelectorAll("form[data-confirm]")) {
  form.addEventListener("submit", (event) => {
    if (!window.confirm(form.dataset.confirm)) event.preventDefault();
  });
}
zones();
keys();
progress();
drawAll();
