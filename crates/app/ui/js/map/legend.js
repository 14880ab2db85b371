// The legend's switches, the ramp and its opacity.

import { density, valueLayer, valueSource } from "./style.js";
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

  /** Numbers at the ends of the ramp. */
  const ends = () => {
    const sheetOf = data.sheets.find((s) => s.indicator === value);
    const divide = data.lang === "zh" ? 1e4 : 1e6;
    const [low, high, unit] = sheetOf
      ? [sheetOf.low, sheetOf.high, sheetOf.unit]
      : [data.density.ends[0] / divide, data.density.ends[1] / divide, data.density.unit];
    ramp.hidden = value === "none";
    const say = (/** @type {string} */ part, /** @type {string} */ words) => {
      const at = ramp.querySelector(part);
      if (at) at.textContent = words;
    };
    const number = new Intl.NumberFormat(data.lang === "zh" ? "zh-CN" : "en-GB", { maximumSignificantDigits: 3 });
    say(".low", number.format(low));
    say(".high", number.format(high));
    say(".unit", unit);
  };

  const show = () => {
    const amount = Number(opacity.value) / 100;
    if (map.getLayer("value")) map.removeLayer("value");
    if (map.getSource("value")) map.removeSource("value");
    const chosen = data.sheets.find((s) => s.indicator === value);
    if (chosen) {
      const [west, south, east, north] = data.bounds;
      map.addSource("value", valueSource(chosen, data.year, [west - 0.3, south - 0.3, east + 0.3, north + 0.3]));
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
