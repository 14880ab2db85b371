// Years: another year is another page of the sheets, but the map stays where it is.

import { write } from "./state.js";

/**
 * @param {HTMLElement | null} bar
 * @param {any} data
 */
export function timebar(bar, data) {
  if (!bar) return;
  const years = [.../** @type {NodeListOf<HTMLAnchorElement>} */ (bar.querySelectorAll("[data-year]"))];
  const play = /** @type {HTMLButtonElement | null} */ (bar.querySelector("#play"));
  let timer = 0;

  /** Takes the sheets of another year from the server and puts them in the place of these. @param {HTMLAnchorElement} link */
  const go = async (link) => {
    const url = new URL(link.href);
    const answer = await fetch(url);
    if (!answer.ok) {
      location.assign(url);
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of [".over .kpis", "#place > .body > dl", "#place svg.classes", "#place .key3", "#place table.ranking tbody", "#place table.ranking tfoot", "#place h3", "#types"]) {
      const [old, fresh] = [document.querySelector(part), page.querySelector(part)];
      if (old && fresh) old.replaceWith(document.importNode(fresh, true));
    }
    for (const other of years) other.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
    data.year = Number(url.searchParams.get("year"));
    write({ year: String(data.year) });
    document.dispatchEvent(new CustomEvent("liangshan:year", { detail: data.year }));
  };

  bar.addEventListener("click", (event) => {
    const link = /** @type {HTMLElement} */ (event.target).closest("a");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    stop();
    go(link).catch(() => location.assign(link.href));
  });
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    if (play) play.textContent = "▶";
  };
  play?.addEventListener("click", () => {
    if (timer) {
      stop();
      return;
    }
    play.textContent = "❚❚";
    const step = () => {
      const now = years.findIndex((y) => y.hasAttribute("aria-current"));
      go(years[(now + 1) % years.length]).catch(stop);
    };
    step();
    timer = window.setInterval(step, 2600);
  });
}
