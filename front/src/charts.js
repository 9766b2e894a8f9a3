// Charts: <div class="chart" data-chart="KIND" data-src="/api/v1/..."> gets its data from the desk and is drawn on a canvas.
// The same data stands on the page as a table or list, for people who do not see the chart.
import { BarChart, GraphChart, HeatmapChart, LineChart, ScatterChart } from "echarts/charts";
import {
  DataZoomComponent, GeoComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, VisualMapComponent,
} from "echarts/components";
import * as echarts from "echarts/core";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";

import { lanes } from "./lanes.js";
import { mapOf } from "./map.js";
import { matrix } from "./matrix.js";
import { months } from "./months.js";
import { network } from "./network.js";

echarts.use([
  BarChart, CanvasRenderer, DataZoomComponent, GeoComponent, GraphChart, GridComponent, HeatmapChart, LabelLayout,
  LegendComponent, LineChart, MarkLineComponent, ScatterChart, TooltipComponent, VisualMapComponent,
]);
// Each takes { data, colour, box, chart, narrow, still } and gives an option; it may keep what was chosen in ``box``.
const KINDS = { lanes, months, matrix, network, map: mapOf };
const NARROW = 560;

function colours() {
  const style = getComputedStyle(document.documentElement);
  const of = (name) => style.getPropertyValue(`--${name}`).trim();
  return Object.fromEntries(
    ["ink", "soft", "paper", "line", "card", "coop", "aid", "words", "force", "lit", "fifth", "sixth", "seventh"].map((name) => [name, of(name)]),
  );
}

async function asked(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`the desk answered ${answer.status}`);
  return answer.json();
}

// The tooltip is drawn too: as markup it would need styles that the page's policy forbids.
const tooltip = (colour) => ({
  renderMode: "richText", confine: true, backgroundColor: colour.card, borderColor: colour.soft, borderWidth: 1,
  textStyle: { color: colour.ink, fontSize: 13, width: 300, overflow: "break" },
});

async function draw(box) {
  try {
    const data = await asked(box.dataset.src);
    const rows = data.events ?? data.months ?? data.cells ?? data.nodes ?? data.points;
    if (!rows.length) {
      box.textContent = "Nothing to draw yet.";
      box.classList.add("empty");
      box.dataset.drawn = "yes";
      return;
    }
    const kind = KINDS[box.dataset.chart];
    if (kind.before) await kind.before(echarts, asked);
    const chart = echarts.init(box, null, { renderer: "canvas" });
    const motion = window.matchMedia("(prefers-reduced-motion: reduce)");
    const paint = () => {
      const colour = colours();
      const option = kind({ data, colour, box, chart, narrow: box.clientWidth < NARROW, still: motion.matches, paint });
      chart.resize();
      chart.setOption({
        animation: !motion.matches, textStyle: { fontFamily: "system-ui, sans-serif" }, ...option,
        tooltip: { ...tooltip(colour), ...option.tooltip },
      }, { notMerge: true });
    };
    paint();
    chart.on("click", (event) => {
      const href = event.data?.href;
      if (typeof href === "string" && href.startsWith("/") && !href.startsWith("//")) window.location.assign(href);
    });
    let wide = box.clientWidth;
    new ResizeObserver(() => {
      if (box.clientWidth === wide) return;
      wide = box.clientWidth;
      paint();
    }).observe(box);
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
    motion.addEventListener("change", paint);
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
