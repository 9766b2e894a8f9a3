// The desk's script. Every page works without it, but for charts; nothing here is asked from another machine.
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
if (document.querySelector("[data-chart]")) {
  // Ten times as large as all the rest: fetched only where there is something to draw.
  import("/static/charts.js").then((charts) => charts.drawAll());
}
