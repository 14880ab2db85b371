// A click anywhere: what is there, and what it yields.

/**
 * @param {HTMLElement | null} box
 * @param {any} map
 * @param {any} data
 */
export function here(box, map, data) {
  if (!box) return;
  const number = new Intl.NumberFormat(data.lang === "zh" ? "zh-CN" : "en-GB", { maximumSignificantDigits: 4 });
  let asked = 0;

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
    add("p", found.county ? found.county.name : data.words.outside, box);
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

  map.on("click", (/** @type {any} */ event) => {
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
  map.on("mousemove", () => {
    map.getCanvas().style.cursor = "crosshair";
  });
}
