// Who accuses whom: accusers down, accused across, the deeper the more often.
const short = (name, most) => (name.length > most ? `${name.slice(0, most - 1)}…` : name);

export function matrix({ data, colour, box, narrow }) {
  const most = Math.max(1, ...data.cells.map((cell) => cell.count));
  box.style.height = `${(narrow ? 110 : 96) + 34 * data.accusers.length}px`;
  const letters = narrow ? 12 : 26;
  return {
    grid: { left: narrow ? 98 : 190, right: narrow ? 10 : 24, top: narrow ? 100 : 84, bottom: 6 },
    xAxis: {
      type: "category", data: data.accused, position: "top", axisTick: { show: false }, axisLine: { show: false },
      axisLabel: { color: colour.ink, rotate: narrow ? 60 : 28, interval: 0, formatter: (name) => short(name, narrow ? 14 : 20) },
      splitLine: { show: true, lineStyle: { color: colour.line } },
    },
    yAxis: {
      type: "category", data: data.accusers, inverse: true, axisTick: { show: false }, axisLine: { show: false },
      axisLabel: { color: colour.ink, interval: 0, formatter: (name) => short(name, letters) },
      splitLine: { show: true, lineStyle: { color: colour.line } },
    },
    tooltip: {
      formatter: (event) => `${data.accusers[event.value[1]]} of ${data.accused[event.value[0]]}: ${event.value[2]} claim${event.value[2] === 1 ? "" : "s"}`,
    },
    visualMap: { show: false, min: 0, max: most, dimension: 2, inRange: { color: [colour.card, colour.words], opacity: 1 } },
    series: [{
      type: "heatmap", cursor: "pointer", itemStyle: { borderColor: colour.paper, borderWidth: 2 },
      label: { show: true, opacity: 1 },
      data: data.cells.map((cell) => ({
        value: [cell.accused, cell.accuser, cell.count], href: cell.href,
        // A number stands on its own colour: light ink on deep cells, dark on pale ones, in both schemes.
        label: { color: cell.count > most * 0.45 ? colour.paper : colour.ink, fontWeight: 600, opacity: 1 },
      })),
    }],
  };
}
