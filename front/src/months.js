// Relations by month: cooperation above the line, conflict below, claims as a thin line; changes marked.
export function months(data, colour) {
  const marks = data.changes.map((one) => ({ xAxis: one.month, label: { formatter: one.label, color: colour.soft } }));
  return {
    grid: { left: 8, right: 16, top: 36, bottom: 64, containLabel: true },
    legend: { textStyle: { color: colour.ink }, top: 0 },
    xAxis: { type: "category", data: data.months, axisLabel: { color: colour.soft } },
    yAxis: {
      type: "value", axisLabel: { color: colour.soft, formatter: (n) => Math.abs(n) },
      splitLine: { lineStyle: { color: colour.line } },
    },
    dataZoom: [{ type: "inside" }, { type: "slider", height: 26, bottom: 8, textStyle: { color: colour.soft } }],
    tooltip: { renderMode: "richText", confine: true, trigger: "axis", valueFormatter: (n) => Math.abs(n) },
    series: [
      {
        name: "Cooperation", type: "bar", stack: "all", data: data.cooperation, itemStyle: { color: colour.coop },
        markLine: { symbol: "none", silent: true, lineStyle: { color: colour.soft, type: "dashed" }, data: marks },
      },
      { name: "Conflict", type: "bar", stack: "all", data: data.conflict.map((n) => -n), itemStyle: { color: colour.force } },
      { name: "Claims only", type: "line", data: data.claims, step: "middle", symbol: "none", lineStyle: { color: colour.words } },
    ],
  };
}
