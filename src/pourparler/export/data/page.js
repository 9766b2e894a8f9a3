(() => {
  "use strict";
  const all = (selector) => [...document.querySelectorAll(selector)];
  const idsOf = (node) => (node.dataset.ids || "").split(" ").filter(Boolean);
  const live = document.querySelector(".live");
  const linked = all("[data-ids]");
  let held = "";
  const light = (ids) => {
    for (const node of linked) {
      node.classList.toggle("lit", idsOf(node).some((id) => ids.includes(id)));
    }
  };
  const hold = (id, from) => {
    held = id;
    light([id]);
    const event = document.getElementById(id);
    const words = document.getElementById("w-" + id) || linked.find((n) => n.localName === "mark" && idsOf(n).includes(id));
    const other = from === "words" ? event : words;
    if (other) other.scrollIntoView({ block: "center" });
    if (event) live.textContent = event.querySelector(".go").innerText.replace(/\s+/g, " ");
  };
  for (const node of linked) {
    node.addEventListener("mouseenter", () => light(idsOf(node)));
    node.addEventListener("mouseleave", () => light(held ? [held] : []));
    node.addEventListener("focusin", () => light(idsOf(node)));
    node.addEventListener("focusout", () => light(held ? [held] : []));
    node.addEventListener("click", (e) => {
      const ids = idsOf(node);
      const next = ids[(ids.indexOf(held) + 1) % ids.length];
      if (e.target.closest("a")) e.preventDefault();
      hold(next, node.localName === "mark" ? "words" : "event");
    });
    if (node.localName === "mark") {
      node.addEventListener("keydown", (e) => {
        if (e.key === "Enter" || e.key === " ") {
          e.preventDefault();
          node.click();
        }
      });
    }
  }
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === "Escape") {
      held = "";
      light([]);
    } else if (e.key === "j" || e.key === "k") {
      const items = all(".event .go");
      if (!items.length) return;
      const at = items.indexOf(document.activeElement);
      const next = items[Math.min(Math.max(at + (e.key === "j" ? 1 : -1), 0), items.length - 1)];
      next.focus();
      hold(next.parentElement.id, "event");
    }
  });
})();
