"use strict";
// For the browser test.
addEventListener("error", (event) => { document.documentElement.dataset.error = event.message; });
addEventListener("unhandledrejection", (event) => { document.documentElement.dataset.error = String(event.reason); });
(() => {
  const asked = new URLSearchParams(location.search).get("lang");
  let kept = null;
  // Pages opened from a file may not be allowed to store anything.
  try { kept = localStorage.getItem("ganatomy-language"); } catch (_) {}
  const first = asked || kept || navigator.language || "en";
  document.documentElement.lang = first.startsWith("ko") ? "ko" : "en";
})();
