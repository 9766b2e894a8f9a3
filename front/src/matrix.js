// Who accuses whom: accusers down, accused across, the deeper the more often.
export function matrix(data, colour) {
  const most = Math.max(1, ...data.cells.map((cell) => cell.count));
  return {
    grid: { left: 8, right: 8, top: 8, bottom: 8, containLabel: true },
    xAxis: { type: "category", data: data.accused, position: "top", axisLabel: { color: colour.ink, rotate: 30 } },
    yAxis: { type: "category", data: data.accusers, inverse: true, axisLabel: { color: colour.ink } },
    visualMap: { show: false, min: 0, max: most, inRange: { color: [colour.card, colour.words] } },
    tooltip: {
      renderMode: "richText", confine: true,
      formatter: (event) => `${data.accusers[event.value[1]]} accuses ${data.accused[event.value[0]]}: ${event.value[2]}`,
    },
    series: [{
      type: "heatmap", label: { show: true, color: colour.ink },
      data: data.cells.map((cell) => ({ value: [cell.accused, cell.accuser, cell.count], href: cell.href })),
    }],
  };
}
