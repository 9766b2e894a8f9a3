// Where: shapes of Natural Earth, events as circles by how many took place there.
export function mapOf(data, colour) {
  const lons = data.points.map((one) => one.lon);
  const lats = data.points.map((one) => one.lat);
  const wide = Math.max(8, Math.max(...lons, -180) - Math.min(...lons, 180));
  const middle = data.points.length
    ? [(Math.max(...lons) + Math.min(...lons)) / 2, (Math.max(...lats) + Math.min(...lats)) / 2]
    : [20, 20];
  return {
    geo: {
      map: "world", roam: true, silent: true, center: middle, zoom: Math.min(24, Math.max(1, 300 / wide)),
      itemStyle: { areaColor: colour.card, borderColor: colour.line },
    },
    tooltip: { renderMode: "richText", confine: true, formatter: (event) => `${event.name}: ${event.value[2]} events` },
    series: [{
      type: "scatter", coordinateSystem: "geo",
      label: { show: true, formatter: "{b}", position: "right", color: colour.ink }, labelLayout: { hideOverlap: true },
      data: data.points.map((one) => ({ name: one.name, value: [one.lon, one.lat, one.count], href: one.href })),
      symbolSize: (value) => 6 + 5 * Math.log2(1 + value[2]),
      itemStyle: { color: colour.force, opacity: 0.75 },
    }],
  };
}
