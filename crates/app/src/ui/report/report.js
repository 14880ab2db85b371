// The switch of language, which a link may preset. Everything else on
// the page works without scripts.
(function () {
  "use strict";
  var root = document.documentElement;
  var title = document.querySelector("title");

  function show(language) {
    root.dataset.lang = language;
    root.lang = language;
    document.title = title.dataset[language] || document.title;
    document.querySelectorAll("button[data-set-lang]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.setLang === language));
    });
  }

  document.querySelectorAll("button[data-set-lang]").forEach(function (button) {
    button.addEventListener("click", function () { show(button.dataset.setLang); });
  });
  var asked = /[?&#]lang=(en|zh)\b/.exec(location.search + location.hash);
  show(asked ? asked[1] : root.dataset.lang);

  // On paper every fold is open.
  var closed = [];
  addEventListener("beforeprint", function () {
    closed = Array.prototype.slice.call(document.querySelectorAll("details:not([open])"));
    closed.forEach(function (fold) { fold.open = true; });
  });
  addEventListener("afterprint", function () {
    closed.forEach(function (fold) { fold.open = false; });
  });
})();
