// The state of the map is its address: what is chosen is read from it and written into it.

/**
 * @typedef {{ place: string, year: string, value: string, layers: string[] | undefined, at: [number, number, number] | undefined }} State
 */

/** Reads the address. @returns {State} */
export function read() {
  const query = new URLSearchParams(location.search);
  const at = (query.get("at") ?? "").split(",").map(Number);
  const layers = query.get("layers");
  return {
    place: query.get("place") ?? "",
    year: query.get("year") ?? "",
    value: query.get("value") ?? "gep",
    layers: layers === null ? undefined : layers.split(",").filter((l) => l !== "" && l !== "none"),
    at: at.length === 3 && at.every(Number.isFinite) ? [at[0], at[1], at[2]] : undefined,
  };
}

/**
 * Writes something of the state into the address, and into every link of the page that leads back to the map.
 * @param {Record<string, string>} changed
 */
export function write(changed) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changed)) {
    if (value === "") query.delete(name);
    else query.set(name, value);
  }
  history.replaceState(null, "", `${location.pathname}?${query}`.replace(/\?$/, ""));
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll(".over a[href^='/map']"))) {
    const url = new URL(link.href);
    for (const [name, value] of Object.entries(changed)) {
      if (value === "") url.searchParams.delete(name);
      else url.searchParams.set(name, value);
    }
    link.href = `${url.pathname}${url.search}`;
  }
}

/**
 * What a person chose on this machine, such as a folded sheet.
 * @param {string} name
 * @param {string} [value] set where given
 * @returns {string | null}
 */
export function remembered(name, value) {
  try {
    if (value !== undefined) localStorage.setItem(`liangshan.${name}`, value);
    return localStorage.getItem(`liangshan.${name}`);
  } catch {
    return null;
  }
}
