// A form with sliders is asked again once one has moved; without this script its button does that.
"use strict";
const KEPT = "mlcost-moved"; // the slider that was moved last, which has the focus again on the next page
for (const form of document.querySelectorAll("form")) {
  const sliders = form.querySelectorAll("input[type=range]");
  let waiting;
  for (const slider of sliders) {
    slider.addEventListener("input", () => {
      slider.nextElementSibling.textContent = slider.value;
    });
    slider.addEventListener("change", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        sessionStorage.setItem(KEPT, slider.id);
        form.requestSubmit();
      }, 400); // a key that is pressed again moves it further
    });
    if (sessionStorage.getItem(KEPT) === slider.id) {
      sessionStorage.removeItem(KEPT);
      slider.focus({ preventScroll: true });
    }
  }
}
