// The timeline: a lane for each side and mediator, events as signs, bigger where they weigh more. Where several fall on
// the same days of what is shown, they are stacked within their lane; the weightiest stays in its middle.
import { choiceOf, choose } from "./controls.js";

const HUES = {
  AGREE: "coop", CONSULT: "coop", SUPPORT: "coop", CONCEDE: "coop", COOPERATE: "aid", AID: "aid", RETREAT: "aid",
  REQUEST: "words", ACCUSE: "words", REJECT: "words", THREATEN: "words",
};
const GROUPS = [
  ["coop", "talks, agreements"], ["aid", "aid, withdrawals"], ["words", "demands, accusations"], ["force", "force, coercion"],
];
const SIGNS = [["fact", "told as fact", "circle"], ["ahead", "ahead", "triangle"], ["claim", "claim", "diamond"]];
const DAY = 86_400_000;
const LANE = 52;
// How high a lane is filled with signs, of 1, and how many steps up and down there are at most.
const FILLED = 0.78;
const STEPS = 7;

// Gives each event an offset from the middle of its lane, in -0.5 to 0.5.
function stacked(events, span) {
  const bin = Math.max(DAY, span / 110);
  const piles = new Map();
  const order = [...events.keys()].sort((a, b) => events[b].weight - events[a].weight);
  const at = new Array(events.length).fill(0);
  for (const n of order) {
    const key = `${events[n].lane}|${Math.floor(Date.parse(events[n].day) / bin)}`;
    const pile = piles.get(key) ?? [];
    pile.push(n);
    piles.set(key, pile);
  }
  for (const pile of piles.values()) {
    const step = FILLED / Math.max(STEPS, pile.length + 1);
    pile.forEach((n, rank) => { at[n] = Math.ceil(rank / 2) * step * (rank % 2 ? -1 : 1); });
  }
  return at;
}

export function lanes({ data, colour, box, chart, narrow, paint }) {
  const days = data.events.map((one) => Date.parse(one.day));
  const [first, last] = [Math.min(...days), Math.max(...days)];
  const shown = choiceOf(box, { start: 0, end: 100 });
  const offsets = stacked(data.events, ((last - first) * (shown.end - shown.start)) / 100);
  const lane = new Map(data.lanes.map((name, n) => [name, n]));
  box.style.height = `${140 + LANE * data.lanes.length}px`;
  const pointsOf = (kind) => data.events.flatMap((one, n) => one.kind !== kind ? [] : [{
    value: [one.day, lane.get(one.lane) + offsets[n]], href: one.href, name: one.label, says: one.says,
    symbolSize: (narrow ? 5 : 7) + 11 * one.weight,
    itemStyle: {
      color: kind === "fact" ? colour[HUES[one.type] ?? "force"] : colour.card,
      borderColor: colour[HUES[one.type] ?? "force"], borderWidth: kind === "fact" ? 0 : 1.5, opacity: 0.85,
    },
  }]);
  if (!box.dataset.follows) {
    box.dataset.follows = "yes";
    let waiting = 0;
    chart.on("datazoom", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        const { start, end } = chart.getOption().dataZoom[0];
        choose(box, { start, end });
        paint();
      }, 160);
    });
  }
  return {
    grid: { left: 8, right: 18, top: narrow ? 58 : 34, bottom: 64, containLabel: true },
    legend: [
      { top: 0, left: 0, data: SIGNS.map(([, name]) => name), textStyle: { color: colour.ink }, itemHeight: 11, itemWidth: 14, inactiveColor: colour.line },
      { top: narrow ? 26 : 0, [narrow ? "left" : "right"]: 0, selectedMode: false, data: GROUPS.map(([, name]) => name), textStyle: { color: colour.ink, fontSize: narrow ? 11 : 12 }, itemHeight: 9, itemWidth: 9, pageTextStyle: { color: colour.ink }, pageIconColor: colour.ink, pageIconInactiveColor: colour.line, itemGap: 8, type: "scroll", width: narrow ? box.clientWidth - 8 : undefined },
    ],
    xAxis: {
      type: "time", min: first - 5 * DAY, max: last + 5 * DAY, axisLabel: { color: colour.soft, hideOverlap: true },
      axisLine: { lineStyle: { color: colour.line } }, splitLine: { show: true, lineStyle: { color: colour.line, opacity: 0.45 } },
    },
    yAxis: {
      type: "value", min: -0.5, max: data.lanes.length - 0.5, inverse: true, interval: 0.5, axisTick: { show: false },
      axisLine: { show: false },
      axisLabel: {
        color: colour.ink, width: narrow ? 74 : 130, overflow: "truncate", fontSize: narrow ? 11 : 12,
        formatter: (n) => (Number.isInteger(n) ? data.lanes[n] ?? "" : ""),
      },
      splitLine: { show: false },
      splitArea: { show: false },
    },
    dataZoom: [
      { type: "inside", filterMode: "none", ...shown, zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false, moveOnMouseMove: !narrow, preventDefaultMouseMove: !narrow },
      { type: "slider", height: 24, bottom: 10, left: narrow ? 12 : 120, right: 24, filterMode: "none", borderColor: colour.line, ...shown, showDetail: false, showDataShadow: false, brushSelect: false },
    ],
    tooltip: {
      trigger: "item",
      formatter: (event) => `${event.value[0]}\n${event.name}${event.data.says ? `\nonly the word of ${event.data.says}` : ""}`,
    },
    series: [
      ...SIGNS.map(([kind, name, symbol]) => ({
        type: "scatter", name, symbol, data: pointsOf(kind), emphasis: { scale: 1.4 }, color: colour.soft, cursor: "pointer",
        markLine: kind !== "fact" ? undefined : {
          silent: true, symbol: "none", label: { show: false }, lineStyle: { color: colour.line, type: "solid" },
          data: data.lanes.slice(1).map((_, n) => ({ yAxis: n + 0.5 })),
        },
      })),
      ...GROUPS.map(([hue, name]) => ({ type: "scatter", name, symbol: "rect", color: colour[hue], data: [] })),
    ],
  };
}
