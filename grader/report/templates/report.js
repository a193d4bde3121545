"use strict";
for (const button of document.querySelectorAll("button.copy")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const pre = button.parentElement.querySelector("pre");
    const selection = getSelection();
    selection.selectAllChildren(pre);
    try {
      await navigator.clipboard.writeText(pre.textContent);
    } catch {
      document.execCommand("copy");
    }
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1600);
  });
}
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details.check")) details.open = true;
});
