// The legend's switches, the ramp and its opacity.

import { density, valueLayer, valueSource, valueTiles } from "./style.js";
import { write } from "./state.js";

/**
 * @param {HTMLElement | null} sheet
 * @param {any} map
 * @param {any} data
 * @param {import("./state.js").State} state
 */
export function legend(sheet, map, data, state) {
  if (!sheet) return;
  const opacity = /** @type {HTMLInputElement} */ (sheet.querySelector("#opacity"));
  const ramp = /** @type {HTMLElement} */ (sheet.querySelector("#ramp"));
  let value = state.value;

  /** Where one colour ends and the next begins; both ends where the ramp is smooth. */
  const ends = () => {
    const sheetOf = data.sheets.find((s) => s.indicator === value);
    const divide = data.lang === "zh" ? 1e4 : 1e6;
    const types = document.getElementById("types");
    if (types) types.hidden = value !== "ecosystem";
    ramp.hidden = value === "none" || value === "ecosystem";
    if (ramp.hidden) return;
    const breaks = /** @type {HTMLElement} */ (ramp.querySelector(".breaks"));
    const about = /** @type {HTMLElement} */ (ramp.querySelector(".about"));
    const number = new Intl.NumberFormat(data.lang === "zh" ? "zh-CN" : "en-GB", { maximumSignificantDigits: 3, notation: "compact" });
    const say = (/** @type {number} */ share, /** @type {number} */ value, anchor = "middle") => {
      const text = document.createElementNS("http://www.w3.org/2000/svg", "text");
      text.setAttribute("x", String(share * 236));
      text.setAttribute("y", "11");
      text.setAttribute("text-anchor", anchor);
      text.textContent = number.format(value);
      return text;
    };
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 236 14");
    if (sheetOf && sheetOf.breaks.length) {
      const n = sheetOf.breaks.length;
      // With fewer breaks some colours are not used: labels stand where the colour changes.
      sheetOf.breaks.forEach((/** @type {number} */ at, /** @type {number} */ i) => svg.append(say((Math.floor((i * 7) / n) + 1) / 8, at)));
    } else {
      const [low, high] = sheetOf ? [sheetOf.low, sheetOf.high] : data.density.ends.map((/** @type {number} */ v) => v / divide);
      svg.append(say(0, low, "start"), say(1, high, "end"));
    }
    breaks.replaceChildren(svg);
    const way = sheetOf ? (sheetOf.quantiles ? data.words.quantiles : data.words.equal) : data.words.linear;
    about.textContent = `${sheetOf ? sheetOf.unit : data.density.unit} · ${way}`;
  };

  const show = () => {
    const amount = Number(opacity.value) / 100;
    if (map.getLayer("value")) map.removeLayer("value");
    if (map.getSource("value")) map.removeSource("value");
    const tiles = valueTiles(data, value, data.year);
    if (tiles) {
      const [west, south, east, north] = data.bounds;
      map.addSource("value", valueSource(tiles, [west - 0.3, south - 0.3, east + 0.3, north + 0.3]));
      map.addLayer(valueLayer(amount), map.getLayer("relief") ? "relief" : undefined);
    }
    map.setLayoutProperty("density", "visibility", value === "gep" ? "visible" : "none");
    map.setPaintProperty("density", "fill-color", density(data, data.year));
    map.setPaintProperty("density", "fill-opacity", amount);
    ends();
  };

  sheet.addEventListener("change", (event) => {
    const input = /** @type {HTMLInputElement} */ (event.target);
    if (input.name === "value") {
      value = input.value;
      write({ value: value === "gep" ? "" : value });
      show();
    } else if (input.name === "layer") {
      for (const layer of map.getStyle().layers) {
        if (layer.id.startsWith(`${input.value}:`)) map.setLayoutProperty(layer.id, "visibility", input.checked ? "visible" : "none");
      }
      const on = [.../** @type {NodeListOf<HTMLInputElement>} */ (sheet.querySelectorAll('input[name="layer"]:checked'))].map((i) => i.value);
      write({ layers: on.join(",") || "none" });
    }
  });
  opacity.addEventListener("input", () => {
    const amount = Number(opacity.value) / 100;
    if (map.getLayer("value")) map.setPaintProperty("value", "raster-opacity", amount);
    map.setPaintProperty("density", "fill-opacity", amount);
  });
  document.addEventListener("liangshan:year", () => show());
  ends();
}
