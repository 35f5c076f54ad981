// Before the first paint, so that nobody at night gets a white flash. Loaded from a file: the policy allows nothing inline.
{
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => { document.documentElement.dataset.bsTheme = dark.matches ? "dark" : "light"; };
  apply();
  dark.addEventListener("change", apply);
}
