// Makes var/assets (the compiled style sheet, the fonts and the vendors' scripts) and var/fonts (for PDF files), and
// nothing else from node_modules.
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { compile } from "sass";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const modules = join(root, "node_modules");
const target = join(root, "var", "assets");

// The PDF writer reads TrueType files only; they are never served to browsers.
const printFaces = {
  "SourceSans3_400Regular.ttf": "400Regular",
  "SourceSans3_700Bold.ttf": "700Bold",
};
const printTarget = join(root, "var", "fonts");

const fonts = ["latin", "latin-ext"].map((subset) => `source-sans-3-${subset}-wght-normal.woff2`);
const scripts = {
  "govuk-frontend.min.js": join(modules, "govuk-frontend", "dist", "govuk", "govuk-frontend.min.js"),
  "htmx.min.js": join(modules, "htmx.org", "dist", "htmx.min.js"),
};
const licences = {
  "govuk-frontend.txt": join(root, "integration_hub", "styles", "licences", "govuk-frontend.txt"),
  "htmx.txt": join(modules, "htmx.org", "LICENSE"),
  "source-sans-3.txt": join(modules, "@fontsource-variable", "source-sans-3", "LICENSE"),
};

function compileStyles() {
  const { css } = compile(join(root, "integration_hub", "styles", "hub.scss"), {
    style: "compressed",
    loadPaths: [modules],
    quietDeps: true,
    charset: false,
  });
  for (const unwanted of ["GDS Transport", "govuk-crest"]) {
    if (css.includes(unwanted)) throw new Error(`hub.css holds ${unwanted}: see integration_hub/styles/hub.scss`);
  }
  return css;
}

// A source map comment names a file that is not shipped, which the manifest storage would refuse.
const withoutSourceMap = (text) => text.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n");

await rm(target, { recursive: true, force: true });
for (const folder of ["css", "fonts", "licences", "vendor"]) await mkdir(join(target, folder), { recursive: true });
await writeFile(join(target, "css", "hub.css"), compileStyles());
for (const font of fonts) {
  await cp(join(modules, "@fontsource-variable", "source-sans-3", "files", font), join(target, "fonts", font));
}
for (const [name, path] of Object.entries(scripts)) {
  await writeFile(join(target, "vendor", name), withoutSourceMap(await readFile(path, "utf8")));
}
for (const [name, path] of Object.entries(licences)) await cp(path, join(target, "licences", name));
await rm(printTarget, { recursive: true, force: true });
await mkdir(printTarget, { recursive: true });
const printModule = join(modules, "@expo-google-fonts", "source-sans-3");
for (const [name, weight] of Object.entries(printFaces)) await cp(join(printModule, weight, name), join(printTarget, name));
await cp(join(printModule, "LICENSE_FONT"), join(printTarget, "LICENSE"));
console.log(`Built ${pathToFileURL(target).pathname}`);
