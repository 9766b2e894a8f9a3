// Keys: ? shows them, / searches, j and k walk through rows, Enter opens. On the review page each verdict has a letter.
const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

function rows() {
  return [...document.querySelectorAll("[data-row]")];
}

function walk(step) {
  const all = rows();
  const at = all.indexOf(document.activeElement?.closest("[data-row]"));
  const next = all[Math.min(all.length - 1, Math.max(0, at + step))];
  if (next) {
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }
}

function act(key) {
  const button = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!button) return false;
  button.focus();
  button.click();
  return true;
}

export function keys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.key === "Escape" && typing(event.target)) {
      event.target.blur();
      return;
    }
    if (typing(event.target)) return;
    if (event.key === "/") {
      document.getElementById("find")?.focus();
    } else if (event.key === "?") {
      document.getElementById("keys")?.toggleAttribute("open");
    } else if (event.key === "j" && !document.querySelector('[data-key="j"]')) {
      walk(1);
    } else if (event.key === "k" && !document.querySelector('[data-key="k"]')) {
      walk(-1);
    } else if (event.key === "Enter" && document.activeElement?.matches("[data-row]")) {
      document.activeElement.querySelector("a")?.click();
    } else if (!act(event.key)) {
      return;
    }
    event.preventDefault();
  });
}
