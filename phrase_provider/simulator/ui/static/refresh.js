// Shows the state as it is every two seconds, unless the visitor is about to press, type, read or mark something.
"use strict";

const SECONDS = 2;

function busy() {
  const focused = document.activeElement;
  return (
    document.hidden ||
    (focused && focused !== document.body && !focused.matches("a")) ||
    document.querySelector(":active:not(html, body), details[open]") ||
    !document.getSelection().isCollapsed
  );
}

async function refresh() {
  if (busy()) return;
  let answer;
  try {
    answer = await fetch(location.href);
  } catch {
    return; // The simulator is away; it may come back.
  }
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (busy()) return;
  for (const part of ["#clock", "main"]) {
    document.querySelector(part).replaceWith(fresh.querySelector(part));
  }
}

// A menu closes at a click elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

setInterval(refresh, SECONDS * 1000);
