// The theme's buttons for printing and for the whole screen, without code in their attributes.

addEventListener("click", event => {
  const button = event.target.closest?.("button[data-click]");
  if (button?.dataset.click === "window.print") print();
  if (button?.dataset.click === "toggleFullScreen") toggleFullScreen();
});
