// Where: shapes of Natural Earth, events as circles by how many took place there; the region of the process, or all.
import { feature } from "topojson-client";

import { buttons, choiceOf, choose } from "./controls.js";

const EVERYWHERE = [-180, -58, 180, 80];

export function mapOf({ data, colour, box, narrow, paint }) {
  if (data.region) {
    buttons(box, {
      label: "What the map shows", options: [["region", "The region"], ["all", "All places"], ["world", "The world"]],
      onChange: (value) => { choose(box, value); paint(); },
    });
  }
  const [west, south, east, north] = around(data, choiceOf(box, "region"));
  const most = Math.max(1, ...data.points.map((one) => one.count));
  return {
    geo: {
      map: "world", roam: true, silent: true, boundingCoords: [[west, north], [east, south]], aspectScale: Math.cos(((south + north) / 2) * Math.PI / 180),
      scaleLimit: { min: 0.5, max: 40 }, top: 4, bottom: 4, left: 4, right: 4,
      itemStyle: { areaColor: colour.card, borderColor: colour.soft, borderWidth: 0.7 },
    },
    tooltip: {
      formatter: (event) => {
        const { count, claims } = event.data;
        return `${event.name}: ${count} event${count === 1 ? "" : "s"}${claims ? `, ${claims} of them only claimed` : ""}`;
      },
    },
    series: [{
      type: "scatter", coordinateSystem: "geo", cursor: "pointer",
      label: {
        show: true, formatter: "{b}", position: "right", color: colour.ink, opacity: 1, fontSize: narrow ? 11 : 12,
        textBorderColor: colour.card, textBorderWidth: 3,
      },
      labelLayout: { hideOverlap: true, moveOverlap: "shiftY" },
      // The fullest first, so that its label is the one that stays and small circles lie on top of large ones.
      data: [...data.points].sort((a, b) => b.count - a.count).map((one) => ({
        name: one.name, value: [one.lon, one.lat, one.count], href: one.href, count: one.count, claims: one.claims,
      })),
      symbolSize: (value) => 7 + (narrow ? 17 : 25) * Math.sqrt(value[2] / most),
      itemStyle: { color: colour.force, opacity: 0.72, borderColor: colour.card, borderWidth: 1 },
    }],
  };
}

function around(data, what) {
  if (what === "world" || !data.region) return EVERYWHERE;
  if (what === "region") return data.region;
  const lons = data.points.map((one) => one.lon);
  const lats = data.points.map((one) => one.lat);
  return [Math.min(...lons) - 4, Math.max(-60, Math.min(...lats) - 4), Math.max(...lons) + 4, Math.min(82, Math.max(...lats) + 4)];
}

mapOf.before = async (echarts, asked) => {
  if (!echarts.getMap("world")) {
    const shapes = await asked("/static/world.json");
    echarts.registerMap("world", feature(shapes, shapes.objects.countries));
  }
};
