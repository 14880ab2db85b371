// The map beside a question about a site: lines in force, the site with its overlaps or the spots, and a
// pen that writes corners into the text box. Without it the page works as a form.

import * as maplibregl from "../../vendor/maplibre-gl@6.17.0/maplibre-gl.mjs";

/** @typedef {{ bounds: [number, number, number, number], relief: boolean, layers: string[] }} Under what the region has to find one's way by */
/** @typedef {{ lines: string, drawn?: any, spots?: string, words?: Record<string, string>, under?: Under | null }} Data */

const COLOURS = { redline: "#a8323a", permanent_basic_farmland: "#b98a1f", urban_boundary: "#6b5fa8" };
const EMPTY = { type: "FeatureCollection", features: [] };
/** Overlaps of rules that speak; what a rule lets pass is not against the site. */
const AGAINST = /** @type {any} */ (["all", ["==", ["get", "part"], "overlap"], ["to-boolean", ["get", "verdict"]]]);
const LAYER = /** @type {any} */ (["match", ["get", "layer"], ...Object.entries(COLOURS).flat(), "#2c7f6f"]);

/** Layers under the lines in force, by name. @type {Record<string, any>} */
const UNDER = {
  waters: { type: "fill", paint: { "fill-color": "#8ebfdc", "fill-opacity": 0.7 } },
  rivers: { type: "line", paint: { "line-color": "#6aa3c9", "line-width": ["interpolate", ["linear"], ["zoom"], 7, 0.5, 13, 2] } },
  counties: { type: "line", paint: { "line-color": "#8b8672", "line-width": 1, "line-dasharray": [4, 2] } },
};

/** The style with what lies under it. @param {Under | null | undefined} under */
function styled(under) {
  if (!under) return STYLE;
  const sources = { ...STYLE.sources };
  const [west, south, east, north] = under.bounds;
  const bounds = [west - 0.3, south - 0.3, east + 0.3, north + 0.3];
  const below = [];
  if (under.relief) {
    sources.relief = { type: "raster", tiles: [`${location.origin}/tiles/relief/{z}/{x}/{y}`], tileSize: 256, minzoom: 0, maxzoom: 12, bounds };
    below.push({ id: "relief", type: "raster", source: "relief", paint: { "raster-opacity": 0.4, "raster-fade-duration": 0 } });
  }
  for (const name of under.layers) {
    sources[name] = { type: "vector", tiles: [`${location.origin}/tiles/${name}/{z}/{x}/{y}`], minzoom: 0, maxzoom: 14, bounds };
    below.push({ id: name, source: name, "source-layer": name, ...UNDER[name] });
  }
  const [paper, ...above] = STYLE.layers;
  return { ...STYLE, sources, layers: [paper, ...below, ...above] };
}

const STYLE = /** @type {any} */ ({
  version: 8,
  sources: {
    lines: { type: "geojson", data: EMPTY }, drawn: { type: "geojson", data: EMPTY }, pen: { type: "geojson", data: EMPTY },
  },
  layers: [
    { id: "paper", type: "background", paint: { "background-color": "#eef0e6" } },
    { id: "lines-fill", type: "fill", source: "lines", paint: { "fill-color": LAYER, "fill-opacity": 0.1 } },
    { id: "lines-edge", type: "line", source: "lines", paint: { "line-color": LAYER, "line-width": ["interpolate", ["linear"], ["zoom"], 7, 0.6, 13, 2] } },
    { id: "site-fill", type: "fill", source: "drawn", filter: ["==", ["get", "part"], "site"], paint: { "fill-color": "#1f2a2a", "fill-opacity": 0.12 } },
    { id: "overlap-fill", type: "fill", source: "drawn", filter: AGAINST, paint: { "fill-color": "#d2452f", "fill-opacity": 0.5 } },
    { id: "overlap-edge", type: "line", source: "drawn", filter: AGAINST, paint: { "line-color": "#9c2f37", "line-width": 1.5 } },
    { id: "site-edge", type: "line", source: "drawn", filter: ["==", ["get", "part"], "site"], paint: { "line-color": "#1f2a2a", "line-width": 2.5 } },
    { id: "pen-fill", type: "fill", source: "pen", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": "#1f6f64", "fill-opacity": 0.2 } },
    { id: "pen-edge", type: "line", source: "pen", paint: { "line-color": "#1f6f64", "line-width": 2 } },
    { id: "pen-corner", type: "circle", source: "pen", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 4, "circle-color": "#1f6f64", "circle-stroke-color": "#fff", "circle-stroke-width": 1.5 } },
  ],
});

/** The box of features, or nothing. @param {any} collection @returns {[number, number, number, number] | undefined} */
function boxOf(collection) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  /** @param {any} c */
  const walk = (c) => {
    if (typeof c[0] === "number") {
      box[0] = Math.min(box[0], c[0]);
      box[1] = Math.min(box[1], c[1]);
      box[2] = Math.max(box[2], c[0]);
      box[3] = Math.max(box[3], c[1]);
    } else c.forEach(walk);
  };
  for (const feature of collection.features) if (feature.geometry) walk(feature.geometry.coordinates);
  return Number.isFinite(box[0]) ? /** @type {[number, number, number, number]} */ (box) : undefined;
}

/** The pen: clicks become corners of the text box. @param {any} map @param {Record<string, string>} words */
function pen(map, words) {
  const tools = document.getElementById("conform-tools");
  const box = /** @type {HTMLTextAreaElement | null} */ (document.getElementById("site-text"));
  if (!tools || !box) return;
  /** @type {[number, number][]} */
  let corners = [];
  let drawing = false;
  /** @param {string} word @param {() => void} act */
  const button = (word, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "quiet";
    made.textContent = words[word];
    made.addEventListener("click", act);
    tools.append(made);
    return made;
  };
  const hint = document.createElement("span");
  hint.className = "caption";
  hint.setAttribute("role", "status");
  const show = () => {
    const points = corners.map((c) => ({ type: "Feature", properties: {}, geometry: { type: "Point", coordinates: c } }));
    const shape = corners.length > 2 ? { type: "Polygon", coordinates: [[...corners, corners[0]]] } : { type: "LineString", coordinates: corners };
    const features = corners.length > 1 ? [{ type: "Feature", properties: {}, geometry: shape }, ...points] : points;
    map.getSource("pen").setData({ type: "FeatureCollection", features });
    box.value = corners.map((c) => `${c[0].toFixed(6)}, ${c[1].toFixed(6)}`).join("\n");
  };
  const draw = button("draw", () => {
    drawing = !drawing;
    draw.setAttribute("aria-pressed", String(drawing));
    map.getCanvas().style.cursor = drawing ? "crosshair" : "";
    hint.textContent = drawing ? words.hint : "";
  });
  button("undo", () => { corners = corners.slice(0, -1); show(); });
  button("clear", () => { corners = []; show(); });
  tools.append(hint);
  map.on("click", (/** @type {any} */ event) => {
    if (!drawing) return;
    corners.push([event.lngLat.lng, event.lngLat.lat]);
    show();
  });
}

/** Buttons of the tables move the map. @param {any} map @param {any} drawn */
function zooms(map, drawn) {
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-zoom], [data-spot]"))) {
    const { zoom, spot } = button.dataset;
    const features = drawn.features.filter((/** @type {any} */ f) => (spot ? f.properties.spot === spot : f.properties.rule === zoom));
    const box = boxOf({ features });
    if (!box) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      map.fitBounds(box, { padding: 60, maxZoom: 16, duration: 0 });
      map.getContainer().scrollIntoView({ block: "center" });
    });
  }
}

const target = document.getElementById("conform-map");
const said = document.getElementById("conform-data");
if (target && said) {
  const data = /** @type {Data} */ (JSON.parse(said.textContent ?? "{}"));
  const map = new maplibregl.Map({ container: target, style: styled(data.under), bounds: data.under?.bounds, fitBoundsOptions: { padding: 16 }, attributionControl: false, dragRotate: false, pitchWithRotate: false, fadeDuration: 0 });
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibregl.ScaleControl({ maxWidth: 100 }), "bottom-left");
  map.on("load", async () => {
    const lines = await (await fetch(data.lines)).json();
    /** @type {any} */ (map.getSource("lines")).setData(lines);
    let drawn = data.drawn ?? EMPTY;
    if (data.spots) {
      drawn = await (await fetch(data.spots)).json();
      for (const f of drawn.features) Object.assign(f.properties, { part: "overlap", verdict: "spot" });
    }
    /** @type {any} */ (map.getSource("drawn")).setData(drawn);
    const box = boxOf(drawn) ?? boxOf(lines);
    if (box) map.fitBounds(box, { padding: data.drawn ? 80 : 16, maxZoom: 15, duration: 0 });
    zooms(map, drawn);
    if (data.words) pen(map, data.words);
    target.dataset.ready = "true";
  });
}
