// The timeline: a lane for each side and mediator, events as dots, bigger where they weigh more.
const HUES = {
  AGREE: "coop", CONSULT: "coop", SUPPORT: "coop", CONCEDE: "coop", COOPERATE: "aid", AID: "aid", RETREAT: "aid",
  REQUEST: "words", ACCUSE: "words", REJECT: "words", THREATEN: "words",
};

export function lanes(data, colour) {
  const points = data.events.map((one) => ({
    value: [one.day, one.lane, one.weight],
    href: one.href,
    name: one.label,
    symbolSize: 6 + 14 * one.weight,
    symbol: one.kind === "claim" ? "diamond" : one.kind === "ahead" ? "triangle" : "circle",
    itemStyle: { color: colour[HUES[one.type] || "force"], opacity: one.kind === "fact" ? 0.85 : 0.6 },
  }));
  return {
    grid: { left: 8, right: 16, top: 8, bottom: 64, containLabel: true },
    xAxis: { type: "time", axisLabel: { color: colour.soft }, axisLine: { lineStyle: { color: colour.line } } },
    yAxis: {
      type: "category", data: data.lanes, inverse: true, axisLabel: { color: colour.ink, width: 110, overflow: "truncate" },
      splitLine: { show: true, lineStyle: { color: colour.line } }, axisTick: { show: false },
    },
    dataZoom: [
      { type: "inside", filterMode: "none" },
      { type: "slider", height: 26, bottom: 8, filterMode: "none", textStyle: { color: colour.soft } },
    ],
    tooltip: {
      renderMode: "richText", confine: true, trigger: "item",
      formatter: (event) => `${event.value[0]}\n${event.name}`,
    },
    series: [{ type: "scatter", data: points, emphasis: { scale: 1.4 } }],
  };
}
