// The map of the page: makes it, and joins it with the sheets that the server has written.

import * as maplibre from "../../vendor/maplibre-gl@6.17.0/maplibre-gl.mjs";
import { legend } from "./legend.js";
import { here } from "./here.js";
import { search } from "./search.js";
import { read, remembered, write } from "./state.js";
import { style } from "./style.js";
import { timebar } from "./timebar.js";

const data = JSON.parse(document.getElementById("map-data")?.textContent ?? "{}");
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Sheets that were folded stay folded. */
for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll(".fold"))) {
  const sheet = button.closest(".sheet");
  const id = button.getAttribute("aria-controls") ?? "";
  const fold = (/** @type {boolean} */ folded) => {
    sheet?.classList.toggle("folded", folded);
    button.setAttribute("aria-expanded", String(!folded));
  };
  fold(remembered(`folded.${id}`) === "yes");
  button.addEventListener("click", () => {
    const folded = !sheet?.classList.contains("folded");
    fold(folded);
    remembered(`folded.${id}`, folded ? "yes" : "no");
  });
}

/** Room that the sheets take, so that the region is seen between them. */
function padding() {
  if (matchMedia("(max-width: 760px)").matches) return { top: 12, bottom: 46, left: 12, right: 12 };
  const left = document.querySelector(".left.folded") ? 20 : 290;
  const right = document.querySelector(".right.folded") ? 20 : 345;
  const high = (/** @type {string} */ what) => /** @type {HTMLElement | null} */ (document.querySelector(what))?.offsetHeight ?? 0;
  return { top: high(".over .kpis") + 26, bottom: high(".over .time") + 26, left, right };
}

async function begin() {
  const state = read();
  const box = document.getElementById("map");
  if (!box) return;
  // Characters are drawn on a canvas once and kept: the font has to be there before.
  const names = data.counties.map((c) => c.name).join("") + "ⅠⅡⅢⅣⅤ劣0123456789";
  await document.fonts.load('16px "Liangshan Map"', names).catch(() => []);
  const shown = (/** @type {string} */ name) => {
    const box = /** @type {HTMLInputElement | null} */ (document.querySelector(`input[name="layer"][value="${CSS.escape(name)}"]`));
    return box?.checked ?? false;
  };
  const opacity = Number(/** @type {HTMLInputElement | null} */ (document.getElementById("opacity"))?.value ?? 85) / 100;
  const [west, south, east, north] = data.bounds;
  const map = new maplibre.Map({
    container: box,
    style: style(data, shown, state.value, opacity),
    ...(state.at ? { center: [state.at[0], state.at[1]], zoom: state.at[2] } : { bounds: [west, south, east, north], fitBoundsOptions: { padding: padding() } }),
    minZoom: 5,
    maxZoom: 17,
    maxBounds: [west - 2.5, south - 2, east + 2.5, north + 2],
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    localIdeographFontFamily: '"Liangshan Map", sans-serif',
    fadeDuration: still ? 0 : 200,
    locale: {
      "NavigationControl.ZoomIn": data.words.zoom_in,
      "NavigationControl.ZoomOut": data.words.zoom_out,
      "Map.Title": document.querySelector("h1")?.textContent ?? "",
    },
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "bottom-right");
  map.addControl(new maplibre.ScaleControl({ unit: "metric", maxWidth: 90 }), "bottom-right");
  // Wheels, fingers and keys move it for somebody; fitting the window does not.
  let moved = false;
  map.on("movestart", (event) => { moved ||= Boolean(event.originalEvent || event.ours); });
  map.on("moveend", () => {
    if (!moved) return;
    moved = false;
    const centre = map.getCenter();
    write({ at: `${centre.lng.toFixed(4)},${centre.lat.toFixed(4)},${map.getZoom().toFixed(2)}` });
  });
  map.on("idle", () => document.body.setAttribute("data-map-idle", ""));
  map.on("movestart", () => document.body.removeAttribute("data-map-idle"));
  map.on("dataloading", () => document.body.removeAttribute("data-map-idle"));
  map.on("error", (event) => console.warn(event.error?.message ?? event));

  /** @param {[number, number, number, number]} box */
  const go = (box) => map.fitBounds(box, { padding: padding(), maxZoom: 13, animate: !still }, { ours: true });
  legend(document.getElementById("layers"), map, data, state);
  // A county is a place of its own: the whole page tells of it, and the map shows it.
  const open = (/** @type {string} */ place, /** @type {[number, number, number, number]} */ box) => {
    const to = new URL(location.href);
    to.searchParams.set("place", place);
    const seen = map.cameraForBounds(box, { padding: padding(), maxZoom: 13 });
    if (seen) to.searchParams.set("at", `${seen.center.lng.toFixed(4)},${seen.center.lat.toFixed(4)},${seen.zoom.toFixed(2)}`);
    location.assign(to);
  };
  search(document.getElementById("layers"), data, go, open);
  timebar(document.querySelector(".time"), data);
  here(document.getElementById("here"), map, data);
  // On paper the map is a picture of what lies between the sheets, with the scale of the screen.
  const scale = () => /** @type {HTMLElement | null} */ (box.querySelector(".maplibregl-ctrl-scale"));
  addEventListener("beforeprint", () => {
    box.querySelector(".paper")?.remove();
    map.redraw();
    const from = map.getCanvas();
    const ratio = from.width / from.clientWidth;
    const { top, right, bottom, left } = padding();
    const [x, y] = [(left - 10) * ratio, (top - 8) * ratio];
    const [wide, high] = [from.width - x - (right - 10) * ratio, from.height - y - (bottom - 8) * ratio];
    const picture = document.createElement("canvas");
    [picture.width, picture.height] = [wide, high];
    picture.className = "paper";
    const pen = picture.getContext("2d");
    if (!pen) return;
    pen.drawImage(from, x, y, wide, high, 0, 0, wide, high);
    const bar = scale();
    if (bar) {
      const long = bar.clientWidth * ratio;
      pen.fillStyle = pen.strokeStyle = "#1f2a2a";
      pen.lineWidth = 2 * ratio;
      pen.beginPath();
      pen.moveTo(12 * ratio, high - 18 * ratio);
      pen.lineTo(12 * ratio, high - 12 * ratio);
      pen.lineTo(12 * ratio + long, high - 12 * ratio);
      pen.lineTo(12 * ratio + long, high - 18 * ratio);
      pen.stroke();
      pen.font = `${12 * ratio}px sans-serif`;
      pen.fillText(bar.textContent ?? "", 18 * ratio, high - 18 * ratio);
    }
    box.append(picture);
  });
  addEventListener("afterprint", () => box.querySelector(".paper")?.remove());
  // For tests: what is drawn can be asked, and not only looked at.
  Object.assign(window, { liangshanMap: map });
}

begin().catch((error) => console.error(error));
