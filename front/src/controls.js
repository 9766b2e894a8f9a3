// Controls of a chart, put before it once: they only mean something where the chart is drawn.
export function choice(box, { label, options, onChange }) {
  if (box.previousElementSibling?.dataset.controls) return;
  const row = document.createElement("p");
  row.className = "controls no-print";
  row.dataset.controls = "yes";
  const select = document.createElement("select");
  select.id = `choice-${box.dataset.chart}`;
  const words = document.createElement("label");
  words.htmlFor = select.id;
  words.textContent = label;
  for (const [value, text] of options) select.add(new Option(text, value));
  select.addEventListener("change", () => onChange(select.value));
  row.append(words, " ", select);
  box.before(row);
}

export function buttons(box, { label, options, onChange }) {
  if (box.previousElementSibling?.dataset.controls) return;
  const row = document.createElement("div");
  row.className = "controls no-print";
  row.dataset.controls = "yes";
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", label);
  for (const [value, text] of options) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = text;
    button.addEventListener("click", () => onChange(value));
    row.append(button);
  }
  box.before(row);
}

// What is chosen in a chart, by its box; a repaint keeps it.
const chosen = new WeakMap();
export const choose = (box, value) => chosen.set(box, value);
export const choiceOf = (box, otherwise) => chosen.get(box) ?? otherwise;
