"use strict";
const table = document.getElementById("grades");
const body = table.tBodies[0];
const rows = [...body.rows];
const order = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

function sort(header, button) {
  const down = header.getAttribute("aria-sort") === "ascending";
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", down ? "descending" : "ascending");
  const column = header.cellIndex;
  const key = button.dataset.kind === "number"
    ? (row) => Number(row.cells[column].dataset.value)
    : (row) => row.cells[column].textContent;
  const compare = button.dataset.kind === "number" ? (a, b) => a - b : order.compare;
  const keyed = rows.map((row) => [key(row), row]);
  keyed.sort((a, b) => (down ? compare(b[0], a[0]) : compare(a[0], b[0])));
  body.append(...keyed.map((pair) => pair[1]));
}

for (const button of table.tHead.querySelectorAll("button")) {
  button.addEventListener("click", () => sort(button.closest("th"), button));
}

const filter = document.getElementById("filter");
const shown = document.getElementById("shown");
const texts = rows.map((row) => row.textContent.toLowerCase());

function show() {
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  rows.forEach((row, i) => {
    row.hidden = !words.every((word) => texts[i].includes(word));
    count += row.hidden ? 0 : 1;
  });
  shown.textContent = `${count} of ${rows.length}`;
}

filter.closest(".filter").hidden = false;
filter.addEventListener("input", show);
show();
