// Ticks at the exercises, kept in the reader's browser and nowhere else.
// A tick belongs to a page and the id of the exercise's heading: "03-step.html#the-largest-rate".

const KEY = "downhill-solved";

function solved() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY));
    return new Set(Array.isArray(found) ? found : []);
  } catch {
    return new Set();
  }
}

function keep(name, done) {
  const all = solved();
  if (done) all.add(name); else all.delete(name);
  try {
    localStorage.setItem(KEY, JSON.stringify([...all]));
  } catch { /* without storage the ticks last as long as the page */ }
}

function tick(name, title, changed) {
  const box = document.createElement("input");
  Object.assign(box, { type: "checkbox", className: "solved", checked: solved().has(name) });
  box.setAttribute("aria-label", `Solved: ${title}`);
  box.addEventListener("change", () => { keep(name, box.checked); changed?.(); });
  return box;
}

function page() {
  return location.pathname.split("/").pop();
}

// The page of all exercises: a column of ticks, and their number.
function list(table) {
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  const count = () => {
    const boxes = [...table.querySelectorAll("input.solved")];
    status.textContent = `${boxes.filter(box => box.checked).length} of ${boxes.length} solved`;
  };
  for (const row of table.rows) {
    const link = row.querySelector("a[href*='#']");
    const cell = document.createElement(link ? "td" : "th");
    if (link) cell.append(tick(link.getAttribute("href"), link.textContent, count));
    else cell.textContent = "solved";
    row.prepend(cell);
  }
  (table.closest(".pst-scrollable-table-container") ?? table).before(status);
  count();
}

// A chapter: a tick at the heading of each exercise.
function chapter(exercises) {
  for (const part of exercises.querySelectorAll(":scope > section[id]")) {
    const heading = part.querySelector("h3");
    const title = heading?.firstChild?.textContent;
    if (title) heading.append(" ", tick(`${page()}#${part.id}`, title));
  }
}

addEventListener("DOMContentLoaded", () => {
  const table = page() === "exercises.html" && document.querySelector("article table");
  const exercises = document.querySelector("section#exercises");
  if (table) list(table);
  else if (exercises) chapter(exercises);
});
