// Who deals with whom: nodes by number of events, edges blue for cooperation and red for conflict.
export function network(data, colour) {
  const groups = [...new Set(data.nodes.map((node) => node.side))];
  const hues = [colour.coop, colour.force, colour.aid, colour.words, colour.soft];
  return {
    legend: { data: groups, textStyle: { color: colour.ink } },
    tooltip: { renderMode: "richText", confine: true },
    series: [{
      type: "graph", layout: "force", roam: true, draggable: true,
      force: { repulsion: 140, edgeLength: [40, 160] },
      categories: groups.map((name, n) => ({ name, itemStyle: { color: hues[n % hues.length] } })),
      label: { show: true, color: colour.ink, formatter: "{b}" }, labelLayout: { hideOverlap: true },
      data: data.nodes.map((node) => ({
        id: node.id, name: node.name, value: node.value, href: node.href, category: groups.indexOf(node.side),
        symbolSize: 8 + 4 * Math.sqrt(node.value),
      })),
      edges: data.edges.map((edge) => ({
        source: edge.source, target: edge.target, value: edge.value,
        lineStyle: { width: 1 + Math.log2(1 + edge.value), color: edge.mean < 0 ? colour.force : colour.coop, opacity: 0.6 },
      })),
    }],
  };
}
