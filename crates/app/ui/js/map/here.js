// A click anywhere: what is there, and what it yields.

import { Marker } from "../../vendor/maplibre-gl@6.17.0/maplibre-gl.mjs";

/**
 * @param {HTMLElement | null} box
 * @param {any} map
 * @param {any} data
 */
export function here(box, map, data) {
  if (!box) return;
  const number = new Intl.NumberFormat(data.lang === "zh" ? "zh-CN" : "en-GB", { maximumSignificantDigits: 4 });
  let asked = 0;
  /** @type {any} */
  let marker;

  /** @param {string} name @param {string} words @param {HTMLElement} into */
  const add = (name, words, into) => {
    const made = document.createElement(name);
    made.textContent = words;
    into.append(made);
    return made;
  };

  /** @param {string} left @param {string} right @param {HTMLElement} list */
  const line = (left, right, list) => {
    const item = add("li", "", list);
    add("span", left, item);
    add("span", right, item);
  };

  /** @param {number} lon @param {number} lat */
  const show = async (lon, lat) => {
    asked += 1;
    const mine = asked;
    const query = new URLSearchParams({ lon: lon.toFixed(6), lat: lat.toFixed(6), year: String(data.year), lang: data.lang });
    const answer = await fetch(`/api/at?${query}`);
    if (mine !== asked) return;
    box.replaceChildren();
    add("h3", `${data.words.here} ${lon.toFixed(4)}, ${lat.toFixed(4)}`, box);
    if (!answer.ok) {
      add("p", data.words.failed, box);
      return;
    }
    const found = await answer.json();
    marker?.remove();
    marker = new Marker({ color: "#123f38", scale: 0.7 }).setLngLat([lon, lat]).addTo(map);
    const where = add("p", found.county ? "" : data.words.outside, box);
    if (found.county) {
      const link = /** @type {HTMLAnchorElement} */ (add("a", found.county.name, where));
      const to = new URL(location.href);
      to.searchParams.set("place", found.county.code);
      link.href = to.pathname + to.search;
    }
    if (found.ground) {
      const list = add("ul", "", box);
      const item = add("li", "", list);
      add("span", found.ground.title, item);
      const link = /** @type {HTMLAnchorElement} */ (add("a", found.ground.worth, item));
      link.href = found.ground.why;
      link.className = "why";
    }
    if (found.ecosystem) line(data.words.type, `${found.ecosystem.type ?? ""} · ${found.ecosystem.name ?? found.ecosystem.code}`, add("ul", "", box));
    if (found.covered_by.length) {
      add("h3", data.words.covered, box);
      const list = add("ul", "", box);
      for (const c of found.covered_by) line(c.title, c.name && c.name !== c.title ? c.name : (c.edition ?? ""), list);
    }
    if (found.services.length) {
      add("h3", `${data.words.yields}${found.cell ? ` (${number.format(found.cell.side_m)} m)` : ""}`, box);
      const list = add("ul", "", box);
      for (const s of found.services) line(s.title, `${number.format(s.amount)} ${s.unit_title}`, list);
    }
    document.getElementById("place")?.classList.remove("folded");
    box.scrollIntoView({ block: "nearest" });
    box.setAttribute("data-shown", "");
  };

  /** The page of a record under the pointer. @param {number[][]} near @returns {string | undefined} */
  const recorded = (near) => {
    const layers = data.layers.filter((l) => l.records).flatMap((l) => [`${l.name}:point`, `${l.name}:line`]).filter((id) => map.getLayer(id));
    const found = layers.length ? map.queryRenderedFeatures(near, { layers }) : [];
    const layer = found[0] && data.layers.find((l) => l.name === found[0].source);
    return layer ? layer.records + encodeURIComponent(found[0].properties.id) : undefined;
  };

  /** The page of a section, a station or a record under the pointer. @param {{ x: number, y: number }} at @returns {string | undefined} */
  const watched = (at) => {
    const layers = data.layers.filter((l) => l.points && map.getLayer(`${l.name}:point`)).map((l) => `${l.name}:point`);
    const near = [[at.x - 4, at.y - 4], [at.x + 4, at.y + 4]];
    const found = layers.length ? map.queryRenderedFeatures(near, { layers }) : [];
    const pages = found.map((f) => data.layers.find((l) => l.name === f.source)?.points?.[f.properties.id]).filter(Boolean);
    return (pages.find((p) => p.state !== "no_data") ?? pages[0])?.page ?? recorded(near);
  };

  map.on("click", (/** @type {any} */ event) => {
    const page = watched(event.point);
    if (page) {
      location.assign(page);
      return;
    }
    show(event.lngLat.lng, event.lngLat.lat).catch(() => {
      box.textContent = data.words.failed;
    });
  });
  // The keyboard has no pointer: Enter asks about the middle of the map.
  map.getCanvas().addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Enter") return;
    const centre = map.getCenter();
    show(centre.lng, centre.lat).catch(() => {});
  });
  map.on("mousemove", (/** @type {any} */ event) => {
    map.getCanvas().style.cursor = watched(event.point) ? "pointer" : "crosshair";
  });
}
