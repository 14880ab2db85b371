// What every page does: keeps the state of the address when the language is changed.

/** The language link follows what modules put into the address. */
const language = /** @type {HTMLAnchorElement | null} */ (document.querySelector("[data-language]"));
language?.addEventListener("click", () => {
  const other = new URL(language.href);
  const query = new URLSearchParams(location.search);
  query.delete("lang");
  if (other.searchParams.get("lang")) query.set("lang", "en");
  language.href = `${location.pathname}${query.size ? `?${query}` : ""}${location.hash}`;
});
