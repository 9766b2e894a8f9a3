// Who deals with whom: actors around a circle, side by side with those of their side; nodes by number of events, lines
// blue where cooperation prevails and red where conflict does. A circle, since no label then hides another.
const MOST_NARROW = 18;

export function network({ data, colour, box, narrow, still }) {
  const groups = data.groups.filter((name) => data.nodes.some((node) => node.side === name));
  const hues = [colour.coop, colour.force, colour.aid, colour.words, colour.fifth, colour.sixth, colour.seventh];
  const hueOf = (name, n) => (name === "others" ? colour.soft : hues[n % hues.length]);
  const linked = new Set(data.edges.flatMap((edge) => [edge.source, edge.target]));
  const nodes = data.nodes.filter((node) => linked.has(node.id)).slice(0, narrow ? MOST_NARROW : undefined);
  nodes.sort((a, b) => groups.indexOf(a.side) - groups.indexOf(b.side) || b.value - a.value);
  const shown = new Set(nodes.map((node) => node.id));
  const edges = data.edges.filter((edge) => shown.has(edge.source) && shown.has(edge.target));
  const most = Math.max(1, ...nodes.map((node) => node.value));
  const heaviest = Math.max(1, ...edges.map((edge) => edge.value));
  const margin = narrow ? 96 : 142;
  box.style.height = narrow ? "" : "690px";
  return {
    legend: { data: groups, textStyle: { color: colour.ink }, top: 0, left: 0, type: narrow ? "scroll" : "plain", itemWidth: 12, itemHeight: 12, icon: "circle", pageTextStyle: { color: colour.ink }, pageIconColor: colour.ink, pageIconInactiveColor: colour.line },
    tooltip: {
      formatter: (event) => event.dataType === "edge"
        ? `${event.data.source} and ${event.data.target}: ${event.data.value} event${event.data.value === 1 ? "" : "s"}`
        : `${event.name}: ${event.value} event${event.value === 1 ? "" : "s"}`,
    },
    series: [{
      type: "graph", layout: "circular", circular: { rotateLabel: true }, roam: false,
      top: (narrow ? 30 : 34) + margin, bottom: margin, left: margin, right: margin,
      categories: groups.map((name, n) => ({ name, itemStyle: { color: hueOf(name, n) } })),
      label: {
        show: true, color: colour.ink, opacity: 1, formatter: "{b}", position: "right", distance: 6, fontSize: narrow ? 11 : 12.5,
        width: margin - 14, overflow: "truncate",
      },
      emphasis: { focus: still ? "none" : "adjacency" },
      data: nodes.map((node) => ({
        id: node.id, name: node.name, value: node.value, href: node.href, category: groups.indexOf(node.side),
        symbolSize: 6 + (narrow ? 16 : 26) * Math.sqrt(node.value / most), cursor: "pointer",
        itemStyle: { borderColor: colour.paper, borderWidth: 1.5 },
      })),
      edges: edges.map((edge) => ({
        source: edge.source, target: edge.target, value: edge.value, href: edge.href,
        lineStyle: {
          width: 0.8 + 5 * (edge.value / heaviest), opacity: 0.2 + 0.6 * Math.sqrt(edge.value / heaviest), curveness: 0.25,
          color: edge.mean < 0 ? colour.force : edge.mean > 0 ? colour.coop : colour.soft,
        },
      })),
    }],
  };
}
