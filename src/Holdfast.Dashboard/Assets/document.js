// Brings the marked passage to the middle of the window; without this script the browser brings it into view.

document.getElementById("passage")?.scrollIntoView({ block: "center" });
