"use strict";
const PART = 50; // rows in the page at a time: to lay out thousands takes a browser seconds
const table = document.getElementById("grades");
const body = table.tBodies[0];
const more = document.getElementById("more");
const shown = document.getElementById("shown");
const search = document.getElementById("search");
const choices = [...document.querySelectorAll(".filter select")];
const order = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
const rows = [...body.rows].map((row) => ({
  row,
  text: row.textContent.toLowerCase(),
  cells: [...row.cells].map((cell) => cell.dataset.value ?? cell.textContent),
}));
let found = rows;

function sort(header, button) {
  const down = header.getAttribute("aria-sort") === "ascending";
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", down ? "descending" : "ascending");
  const column = header.cellIndex;
  const compare = button.dataset.kind === "number" ? (a, b) => a - b : order.compare;
  rows.sort((a, b) => (down ? -1 : 1) * compare(a.cells[column], b.cells[column]));
  show();
}

function show() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const chosen = choices.filter((choice) => choice.value);
  found = rows.filter(({ text, cells }) =>
    words.every((word) => text.includes(word)) && chosen.every((choice) => cells[choice.dataset.column] === choice.value));
  body.replaceChildren();
  shown.textContent = `${found.length} of ${rows.length}`;
  add(PART);
}

function add(count) {
  const from = body.rows.length;
  body.append(...found.slice(from, from + count).map(({ row }) => row));
  const left = found.length - body.rows.length;
  more.hidden = left === 0;
  more.textContent = `Show ${Math.min(PART, left)} more of ${left}`;
}

for (const button of table.tHead.querySelectorAll("button")) {
  button.addEventListener("click", () => sort(button.closest("th"), button));
}
search.addEventListener("input", show);
for (const choice of choices) choice.addEventListener("change", show);
more.addEventListener("click", () => add(PART));
addEventListener("beforeprint", () => add(Infinity));
search.closest(".filter").hidden = false;
table.classList.add("live");
show();
