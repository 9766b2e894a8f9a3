// Live progress of reports being read, by server-sent events; told to screen readers too.
export function progress() {
  const box = document.querySelector("[data-progress]");
  if (!box) return;
  const source = new EventSource(box.dataset.progress);
  const bar = box.querySelector("progress");
  const words = box.querySelector("[data-words]");
  source.addEventListener("step", (event) => {
    const told = JSON.parse(event.data);
    if (bar) {
      bar.max = told.total || 1;
      bar.value = told.done;
    }
    if (words) words.textContent = told.words;
  });
  source.addEventListener("end", (event) => {
    source.close();
    const told = JSON.parse(event.data);
    if (words) words.textContent = told.words;
    if (told.href) window.location.assign(told.href);
  });
  source.addEventListener("error", () => {
    if (words && source.readyState === EventSource.CLOSED) words.textContent = "The connection ended. Load the page again.";
  });
}
