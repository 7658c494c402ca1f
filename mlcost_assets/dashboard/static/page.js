// What a page gains with JavaScript: a choice of the theme that is remembered, and a sign that an answer is on its way.
// Without it the system decides the theme, and everything else works as it does with it.
"use strict";
(() => {
  const root = document.documentElement;
  const remembered = () => {
    try {
      return localStorage.getItem("theme") || "";
    } catch {
      return ""; // storage is switched off
    }
  };
  const show = (theme) => {
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
  };
  show(remembered());

  const offerThemes = () => {
    const label = document.createElement("label");
    const select = document.createElement("select");
    for (const [value, said] of [["", "system"], ["light", "light"], ["dark", "dark"]]) {
      select.add(new Option(said, value, false, value === remembered()));
    }
    select.addEventListener("change", () => {
      show(select.value);
      try {
        localStorage.setItem("theme", select.value);
      } catch {} // it lasts as long as this page
    });
    label.className = "theme";
    label.append("Theme ", select);
    document.querySelector("header").append(label);
  };

  const busy = (is) => document.querySelector("main").toggleAttribute("aria-busy", is);
  document.addEventListener("DOMContentLoaded", offerThemes);
  document.addEventListener("submit", () => busy(true));
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const leaves = link && link.origin === location.origin && !link.hasAttribute("download")
      && link.pathname + link.search !== location.pathname + location.search;
    if (leaves && !event.ctrlKey && !event.metaKey && !event.shiftKey) busy(true);
  });
  addEventListener("pageshow", (event) => event.persisted && busy(false));
})();
