// Builds the desk's script into the package: one file, no network at run time.
import { build } from "esbuild";

await build({
  entryPoints: ["src/desk.js"],
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  legalComments: "none",
  outfile: "../src/pourparler/web/static/desk.js",
});
