// Builds the desk's script into the package; no network at run time. desk.js is on every page and small, charts.js is
// fetched where there is a chart, world.json (shapes of Natural Earth) where there is a map.
import { readFile, writeFile } from "node:fs/promises";

import { build } from "esbuild";

const out = "../src/pourparler/web/static";
const common = { bundle: true, minify: true, target: "es2022", legalComments: "external" };
await build({
  ...common, entryPoints: ["src/desk.js"], format: "iife", outfile: `${out}/desk.js`, external: ["/static/*"],
});
await build({ ...common, entryPoints: ["src/charts.js"], format: "esm", outfile: `${out}/charts.js` });

// 1:50 million: at 1:110 million Armenia has 14 corners. Ids and the shapes of land are of no use here.
const { type, arcs, transform, objects } = JSON.parse(await readFile("node_modules/world-atlas/countries-50m.json"));
const geometries = objects.countries.geometries.map(({ type, arcs, properties }) => ({
  type, arcs, properties: { name: properties.name },
}));
const world = { type, arcs, transform, objects: { countries: { type: "GeometryCollection", geometries } } };
await writeFile(`${out}/world.json`, JSON.stringify(world));
