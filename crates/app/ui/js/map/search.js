// Search by name or by the initials of its pinyin; "/" goes there from anywhere.

/**
 * @param {HTMLElement | null} sheet
 * @param {any} data
 * @param {(box: [number, number, number, number]) => void} go
 * @param {(place: string, box: [number, number, number, number]) => void} open for what is a place of its own
 */
export function search(sheet, data, go, open) {
  const body = sheet?.querySelector(".body");
  if (!sheet || !body) return;
  const box = document.createElement("div");
  box.className = "find";
  const input = document.createElement("input");
  input.type = "search";
  input.placeholder = data.words.search;
  input.setAttribute("aria-label", data.words.search);
  input.autocomplete = "off";
  const list = document.createElement("ul");
  list.hidden = true;
  box.append(input, list);
  body.prepend(box);
  let asked = 0;

  const close = () => {
    list.hidden = true;
    list.replaceChildren();
  };

  const look = async () => {
    const q = input.value.trim();
    asked += 1;
    const mine = asked;
    if (!q) {
      close();
      return;
    }
    const answer = await fetch(`/api/search?${new URLSearchParams({ q, lang: data.lang })}`);
    if (mine !== asked || !answer.ok) return;
    const { found } = await answer.json();
    list.replaceChildren();
    for (const one of found) {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = one.name;
      const kind = document.createElement("span");
      kind.className = "caption";
      kind.textContent = one.title;
      button.append(kind);
      button.addEventListener("click", () => {
        if (one.place) {
          open(one.place, one.bounds);
          return;
        }
        const [west, south, east, north] = one.bounds;
        const point = east - west < 1e-6;
        go(point ? [one.lon - 0.05, one.lat - 0.04, one.lon + 0.05, one.lat + 0.04] : [west, south, east, north]);
        close();
        input.value = one.name;
      });
      item.append(button);
      list.append(item);
    }
    if (!found.length) {
      const item = document.createElement("li");
      item.className = "caption";
      item.textContent = data.words.nothing;
      list.append(item);
    }
    list.hidden = false;
  };

  let timer = 0;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => look().catch(close), 120);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      close();
      input.focus();
    }
    if (event.key === "Enter" && event.target === input) {
      event.preventDefault();
      /** @type {HTMLButtonElement | null} */ (list.querySelector("button"))?.click();
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const all = [input, .../** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll("button"))];
      const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
      all[Math.max(0, Math.min(all.length - 1, at + (event.key === "ArrowDown" ? 1 : -1)))].focus();
      event.preventDefault();
    }
  });
  document.addEventListener("keydown", (event) => {
    const typing = /** @type {HTMLElement} */ (event.target).closest("input, textarea, select");
    if (event.key === "/" && !typing) {
      event.preventDefault();
      sheet.classList.remove("folded");
      input.focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (!box.contains(/** @type {Node} */ (event.target))) close();
  });
}
