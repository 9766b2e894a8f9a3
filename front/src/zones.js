// Times of day are stored in UTC and shown in the reader's zone; days of events are days, in no zone.
export function zones() {
  const form = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
  for (const time of document.querySelectorAll("time[data-zone]")) {
    const moment = new Date(time.dateTime);
    if (!Number.isNaN(moment.valueOf())) time.textContent = form.format(moment);
  }
}
