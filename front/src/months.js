// Relations by month: cooperation above the line, conflict below, claims as a thin line; changes marked. Of all, or of one
// direction.
import { choice, choiceOf, choose } from "./controls.js";

function href(data, direction, month, series) {
  const asked = new URLSearchParams({ process: data.process });
  if (direction.source) asked.set("source", direction.source);
  if (direction.target) asked.set("target", direction.target);
  asked.set("month", month);
  asked.set("series", series);
  return `/relations?${asked}#found`;
}

export function months({ data, colour, box, narrow, paint }) {
  if (data.directions.length > 2) {
    choice(box, {
      label: "Who towards whom", options: data.directions.map((one, n) => [String(n), one.name]),
      onChange: (value) => { choose(box, Number(value)); paint(); },
    });
  }
  const shown = data.directions[choiceOf(box, 0)] ?? data.directions[0];
  const most = Math.max(1, ...shown.cooperation, ...shown.conflict, ...shown.claims);
  const bars = (series, sign) => shown[series].map((n, at) => ({
    value: n * sign, href: n ? href(data, shown, data.months[at], series) : undefined,
  }));
  const marks = shown.changes.map((one) => ({ xAxis: one.month, label: { formatter: narrow ? "" : one.label } }));
  return {
    grid: { left: 8, right: 18, top: 52, bottom: 60, containLabel: true },
    legend: { textStyle: { color: colour.ink }, top: 0, left: 0, itemHeight: 10, itemWidth: 16 },
    xAxis: {
      type: "category", data: data.months, axisLabel: { color: colour.soft, hideOverlap: true }, axisTick: { show: false },
      axisLine: { onZero: false, lineStyle: { color: colour.line } },
    },
    yAxis: {
      type: "value", min: -most, max: most, minInterval: 1, axisLabel: { color: colour.soft, formatter: (n) => Math.abs(n) },
      splitLine: { lineStyle: { color: colour.line } }, name: narrow ? undefined : "events a month",
      nameTextStyle: { color: colour.soft, align: "left" }, nameGap: 8,
    },
    dataZoom: [
      { type: "inside", zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false, moveOnMouseMove: !narrow, preventDefaultMouseMove: !narrow },
      { type: "slider", height: 22, bottom: 8, left: 40, right: 24, borderColor: colour.line, showDetail: false, showDataShadow: false, brushSelect: false },
    ],
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: (n) => Math.abs(n) },
    series: [
      {
        name: "Cooperation", type: "bar", stack: "all", data: bars("cooperation", 1), itemStyle: { color: colour.coop },
        barMaxWidth: 26,
        markLine: {
          symbol: "none", silent: true, lineStyle: { color: colour.ink, type: "dashed" },
          label: { color: colour.ink, fontSize: 11, position: "end", distance: 2 }, data: marks,
        },
      },
      { name: "Conflict", type: "bar", stack: "all", data: bars("conflict", -1), itemStyle: { color: colour.force }, barMaxWidth: 26 },
      {
        name: "Claims only", type: "line", data: shown.claims, step: "middle", symbol: "none",
        lineStyle: { color: colour.words, width: 1.5, type: "dotted" }, itemStyle: { color: colour.words },
      },
    ],
  };
}
