// Charts: <div class="chart" data-chart="KIND" data-src="/api/v1/..."> gets its data from the desk and is drawn on a canvas.
// The same data stands on the page as a table or list, for people who do not see the chart.
import { BarChart, CustomChart, GraphChart, HeatmapChart, LineChart, ScatterChart } from "echarts/charts";
import {
  AriaComponent, DataZoomComponent, GeoComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent,
  VisualMapComponent,
} from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { feature } from "topojson-client";
import world from "world-atlas/countries-110m.json";

import { lanes } from "./lanes.js";
import { mapOf } from "./map.js";
import { matrix } from "./matrix.js";
import { months } from "./months.js";
import { network } from "./network.js";

echarts.use([
  AriaComponent, BarChart, CanvasRenderer, CustomChart, DataZoomComponent, GeoComponent, GraphChart, GridComponent,
  HeatmapChart, LegendComponent, LineChart, MarkLineComponent, ScatterChart, TooltipComponent, VisualMapComponent,
]);
const KINDS = { lanes, months, matrix, network, map: mapOf };

function colours() {
  const style = getComputedStyle(document.documentElement);
  const of = (name) => style.getPropertyValue(`--${name}`).trim();
  return Object.fromEntries(["ink", "soft", "line", "card", "coop", "aid", "words", "force", "lit"].map((n) => [n, of(n)]));
}

async function draw(box) {
  try {
    const answer = await fetch(box.dataset.src, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`the desk answered ${answer.status}`);
    const data = await answer.json();
    if (box.dataset.chart === "map" && !echarts.getMap("world")) {
      echarts.registerMap("world", feature(world, world.objects.countries));
    }
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    // The tooltip is drawn too: as markup it would need styles that the page's policy forbids.
    const base = {
      animation: !still, aria: { enabled: true }, textStyle: { fontFamily: "system-ui, sans-serif" },
      tooltip: { renderMode: "richText", confine: true },
    };
    const chart = echarts.init(box, null, { renderer: "canvas" });
    const paint = () => chart.setOption({ ...base, ...KINDS[box.dataset.chart](data, colours(), box) }, { notMerge: true });
    paint();
    chart.on("click", (event) => event.data?.href && window.location.assign(event.data.href));
    new ResizeObserver(() => chart.resize()).observe(box);
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
    box.dataset.drawn = "yes";
  } catch (error) {
    box.textContent = `The chart cannot be drawn (${error.message}). Its data stands below.`;
    box.dataset.drawn = "no";
  }
}

export function drawAll() {
  const seen = new IntersectionObserver((found) => {
    for (const one of found) {
      if (one.isIntersecting) {
        seen.unobserve(one.target);
        draw(one.target);
      }
    }
  }, { rootMargin: "200px" });
  for (const box of document.querySelectorAll("[data-chart]")) seen.observe(box);
}
