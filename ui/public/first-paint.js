// Not a module: it stops the first paint until the theme is known. What it reads, src/theme.ts has written.
(() => {
  let theme = "dark";
  try {
    theme = localStorage.getItem("theme") ?? theme;
  } catch {
    // A web view without storage starts dark.
  }
  const light = theme === "light" || (theme === "system" && matchMedia("(prefers-color-scheme: light)").matches);
  document.documentElement.dataset.theme = light ? "light" : "dark";
})();
