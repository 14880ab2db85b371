// How layers are drawn: outlines over a value ramp, never fills; waters with a light casing; points with a white ring.

const FONT = ["Liangshan Map"];
const TINTS = { eco_space: "#2f8f63", agri_space: "#b98a1f", urban_space: "#6b5fa8" };
const LINES = {
  redline: { colour: "#a8323a", dash: [2.4, 1.4], width: 1.7 },
  permanent_basic_farmland: { colour: "#b98a1f", dash: undefined, width: 1.2 },
  urban_boundary: { colour: "#6b5fa8", dash: undefined, width: 1.7 },
  drinking_source_1: { colour: "#1c5f9e", dash: [3, 1], width: 1.5 },
  drinking_source_2: { colour: "#4f8fc4", dash: [3, 1.5], width: 1.2 },
  no_burn_zone: { colour: "#8a4b12", dash: [1, 1.2], width: 1.3 },
};
const STATES = { met: "#2f7d52", missed: "#a8323a", open: "#96690f", no_data: "#fffdf7" };

/**
 * What a section or station shows by how it stands: a match over the ids of its layer.
 * @param {Layer} layer @param {(point: { state: string, letter: string }) => any} of @param {any} otherwise
 */
function byPoint(layer, of, otherwise) {
  const points = Object.entries(layer.points ?? {});
  return points.length ? ["match", ["get", "id"], ...points.flatMap(([id, point]) => [id, of(point)]), otherwise] : otherwise;
}

/** Rings instead of discs where nothing was measured. @param {Layer} layer @param {number} measured @param {number} other @param {boolean} shown */
function points(layer, measured, other, base, layout) {
  const has = (/** @type {{ state: string }} */ p) => p.state !== "no_data";
  // Seen from afar they are smaller, so that neighbours can be told apart.
  const radius = (/** @type {number} */ share) => byPoint(layer, (p) => share * (has(p) ? measured : other), share * other);
  return [
    {
      id: `${layer.name}:point`, type: "circle", ...base, layout: { ...layout, "circle-sort-key": byPoint(layer, (p) => (has(p) ? 1 : 0), 0) },
      paint: {
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 7, radius(0.7), 10, radius(1)], "circle-color": byPoint(layer, (p) => STATES[p.state], STATES.no_data),
        "circle-stroke-color": byPoint(layer, (p) => (has(p) ? "#fff" : "#6b736d"), "#6b736d"), "circle-stroke-width": 1.6,
      },
    },
    {
      id: `${layer.name}:numeral`, type: "symbol", ...base,
      layout: { ...layout, "text-field": byPoint(layer, (p) => p.letter, ""), "text-font": FONT, "text-size": ["interpolate", ["linear"], ["zoom"], 7, 8, 10, 11], "text-allow-overlap": true },
      paint: { "text-color": "#fff" },
    },
  ];
}

/** @typedef {{ name: string, kind: string, tiles: string, points?: Record<string, { state: string, letter: string, page: string }> }} Layer */

/** The address of a source, whole, as the map's worker needs it. @param {string} path */
const whole = (path) => `${location.origin}${path}`;

/**
 * Sources and layers of one layer of the region, from below to above.
 * @param {Layer} layer
 * @param {boolean} shown
 * @returns {any[]}
 */
export function layersOf(layer, shown) {
  const base = { source: layer.name, "source-layer": layer.name };
  const layout = { visibility: shown ? "visible" : "none" };
  const line = (id, paint, more = {}) => ({ id: `${layer.name}:${id}`, type: "line", ...base, layout: { ...layout, "line-join": "round", "line-cap": "round" }, paint, ...more });
  const outline = (colour, width, dash) => line("line", { "line-color": colour, "line-width": width, ...(dash ? { "line-dasharray": dash } : {}) });
  const label = (id, size, colour, more = {}) => ({
    id: `${layer.name}:${id}`, type: "symbol", ...base,
    layout: { ...layout, "text-field": ["get", "name"], "text-font": FONT, "text-size": size, "text-max-width": 6, ...more },
    paint: { "text-color": colour, "text-halo-color": "#fffdf7", "text-halo-width": 1.4 },
  });
  switch (layer.kind) {
    case "place":
      return [
        outline("#55584c", ["interpolate", ["linear"], ["zoom"], 7, 1, 11, 2]),
        // A tile knows only its part of a county: one name for each comes from the page.
        {
          id: `${layer.name}:label`, type: "symbol", source: "names",
          layout: { ...layout, "text-field": ["get", "name"], "text-font": FONT, "text-size": ["interpolate", ["linear"], ["zoom"], 7, 12, 11, 16], "text-max-width": 6, "text-variable-anchor": ["center", "top", "bottom", "left", "right"], "text-padding": 1 },
          paint: { "text-color": "#1f2a2a", "text-halo-color": "#fffdf7", "text-halo-width": 1.4 },
        },
      ];
    case "river":
      return [
        line("case", { "line-color": "#f4f6f0", "line-width": width(1.6), "line-opacity": 0.75 }, rivers()),
        line("line", { "line-color": "#3f86b8", "line-width": width(0) }, rivers()),
        { ...label("label", 11.5, "#2c6a97", { "symbol-placement": "line", "text-letter-spacing": 0.15 }), minzoom: 9 },
      ];
    case "water":
      return [{ id: `${layer.name}:fill`, type: "fill", ...base, layout, paint: { "fill-color": "#8ebfdc", "fill-opacity": 0.75, "fill-outline-color": "#3f86b8" } }];
    case "water_unit":
      return [outline("#3b6f9a", 1, [2, 2])];
    case "section":
      return [...points(layer, 9, 6, base, layout), { ...label("label", 12, "#1f2a2a", { "text-offset": [0, 1.3], "text-anchor": "top" }), minzoom: 8.5 }];
    case "station":
      return [...points(layer, 9, 3.6, base, layout), { ...label("label", 11, "#1f2a2a", { "text-offset": [0, 1.2], "text-anchor": "top" }), minzoom: 11 }];
    case "site":
      return [
        { id: `${layer.name}:point`, type: "circle", ...base, layout, paint: { "circle-radius": 4.5, "circle-color": "#1f6f64", "circle-stroke-color": "#fff", "circle-stroke-width": 1.4 } },
        { ...label("label", 11, "#1f2a2a", { "text-offset": [0, 0.9], "text-anchor": "top" }), minzoom: 11 },
      ];
    case "register":
      return [
        { ...outline("#7a5c3a", 2), filter: ["!=", ["geometry-type"], "Point"] },
        { id: `${layer.name}:point`, type: "circle", ...base, filter: ["==", ["geometry-type"], "Point"], layout, paint: { "circle-radius": 4.5, "circle-color": "#7a5c3a", "circle-stroke-color": "#fff", "circle-stroke-width": 1.3 } },
        { ...label("label", 11, "#4a3a26", { "text-offset": [0, 0.9], "text-anchor": "top" }), minzoom: 12 },
      ];
    case "zone":
      return [
        { id: `${layer.name}:tint`, type: "fill", ...base, layout, paint: { "fill-color": TINTS[layer.name] ?? "#777", "fill-opacity": 0.06 } },
        outline(TINTS[layer.name] ?? "#777", 1),
      ];
    case "pattern":
      return [outline("#7a4f7f", 2, [0.3, 1.8]), { id: `${layer.name}:point`, type: "circle", ...base, filter: ["==", ["geometry-type"], "Point"], layout, paint: { "circle-radius": 5, "circle-color": "#7a4f7f", "circle-stroke-color": "#fff", "circle-stroke-width": 1.4 } }];
    default: {
      const known = LINES[layer.name] ?? { colour: "#6a6f66", dash: [2, 1.6], width: 1.1 };
      return [outline(known.colour, known.width, known.dash)];
    }
  }
}

/** Rivers by their order: the small ones come when there is room. */
const rivers = () => ({ filter: [">=", ["+", ["to-number", ["get", "rank"], 9], ["zoom"]], 10.6] });
const width = (more) => ["interpolate", ["linear"], ["zoom"], 7, ["+", ["*", ["to-number", ["get", "rank"], 2], 0.28], more], 12, ["+", ["*", ["to-number", ["get", "rank"], 2], 0.9], more]];

/**
 * The whole style of the map.
 * @param {any} data what the page says
 * @param {(name: string, kind: string) => boolean} shown
 * @param {string} value
 * @param {number} opacity
 */
export function style(data, shown, value, opacity) {
  /** @type {Record<string, any>} */
  const sources = {};
  /** @type {any[]} */
  const layers = [{ id: "paper", type: "background", paint: { "background-color": "#f3f1e9" } }];
  const [west, south, east, north] = data.bounds;
  const bounds = [west - 0.3, south - 0.3, east + 0.3, north + 0.3];
  for (const layer of data.layers) {
    sources[layer.name] = { type: "vector", tiles: [whole(layer.tiles)], minzoom: 0, maxzoom: 14, bounds };
  }
  const named = data.counties.filter((c) => c.at).map((c) => ({ type: "Feature", properties: { name: c.name }, geometry: { type: "Point", coordinates: c.at } }));
  sources.names = { type: "geojson", data: { type: "FeatureCollection", features: named } };
  layers.push({
    id: "density", type: "fill", source: "counties", "source-layer": "counties",
    layout: { visibility: value === "gep" ? "visible" : "none" }, paint: { "fill-color": density(data, data.year), "fill-opacity": opacity },
  });
  const tiles = valueTiles(data, value, data.year);
  if (tiles) {
    sources.value = valueSource(tiles, bounds);
    layers.push(valueLayer(opacity));
  }
  if (data.relief) {
    sources.relief = { type: "raster", tiles: [whole("/tiles/relief/{z}/{x}/{y}")], tileSize: 256, minzoom: 0, maxzoom: 12, bounds };
    layers.push({ id: "relief", type: "raster", source: "relief", paint: { "raster-opacity": 0.55, "raster-fade-duration": 0 } });
  }
  const order = ["zone", "function", "area", "water_unit", "water", "river", "line", "pattern", "place", "register", "site", "station", "section"];
  const sorted = [...data.layers].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  for (const layer of sorted) layers.push(...layersOf(layer, shown(layer.name, layer.kind)));
  layers.push({
    id: "chosen", type: "line", source: "counties", "source-layer": "counties", filter: ["==", ["get", "id"], data.place],
    layout: { "line-join": "round" }, paint: { "line-color": "#123f38", "line-width": 3 },
  });
  return { version: 8, sources, layers };
}

/** Where the tiles of what is chosen are; nothing for what is drawn otherwise. @param {any} data @param {string} value @param {number} year */
export function valueTiles(data, value, year) {
  if (value === "ecosystem") return data.ecosystem?.includes(year) ? `/tiles/ecosystem/${year}/{z}/{x}/{y}` : undefined;
  const sheet = data.sheets.find((s) => s.indicator === value);
  return sheet ? `/tiles/values/${sheet.indicator}/${year}/{z}/{x}/{y}` : undefined;
}

/** @param {string} tiles @param {number[]} bounds */
export function valueSource(tiles, bounds) {
  return { type: "raster", tiles: [whole(tiles)], tileSize: 256, minzoom: 0, maxzoom: 13, bounds };
}

/** @param {number} opacity */
export function valueLayer(opacity) {
  return { id: "value", type: "raster", source: "value", paint: { "raster-opacity": opacity, "raster-fade-duration": 120, "raster-resampling": "nearest" } };
}

/**
 * The colour of each county by its value per area in a year, on one scale for all years.
 * @param {any} data @param {number} year
 */
export function density(data, year) {
  const [low, high] = data.density.ends;
  const values = data.density.years.find((y) => y.year === year)?.per_km2 ?? {};
  const colours = data.colours;
  const pairs = Object.entries(values).flatMap(([code, value]) => {
    const share = high > low ? (Number(value) - low) / (high - low) : 0.5;
    // The ends of the ramp are left to cells: a county is an average of many.
    return [code, colours[Math.round((0.15 + 0.65 * share) * (colours.length - 1))]];
  });
  return pairs.length ? ["match", ["get", "id"], ...pairs, "rgba(0,0,0,0)"] : "rgba(0,0,0,0)";
}
