"use strict";
(() => {
  const root = document.documentElement;
  const buttons = document.querySelectorAll("[data-language]");
  const mark = () => buttons.forEach((b) => b.setAttribute("aria-pressed", b.dataset.language === root.lang));
  buttons.forEach((b) => b.addEventListener("click", () => {
    root.lang = b.dataset.language;
    try { localStorage.setItem("ganatomy-language", root.lang); } catch (_) {}
    mark();
    document.dispatchEvent(new Event("language"));
  }));
  mark();
})();
