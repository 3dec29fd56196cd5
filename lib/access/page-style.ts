/** How the page looks: by the reader's light or dark, with nothing told by colour alone. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fff; --ink: #1b1f24; --quiet: #57606a; --line: #c4ccd4; --box: #f3f5f7; --link: #0550ae; --warn: #8a4600; --ring: #0969da;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171b; --ink: #e8eaed; --quiet: #a6adb5; --line: #454c54; --box: #21262c; --link: #7cb7ff; --warn: #f0b06a; --ring: #58a6ff;
  }
}
* { box-sizing: border-box; }
body { margin: 0; padding: 1rem 1.5rem 3rem; background: var(--paper); color: var(--ink); font: 15px/1.45 system-ui, "DejaVu Sans", sans-serif; }
h1 { margin: 0; font-size: 1.5rem; }
h2 { margin: 1.2rem 0 .4rem; font-size: 1.15rem; }
h3 { margin: 1rem 0 .3rem; font-size: 1rem; }
p { margin: .2rem 0; color: var(--quiet); }
:focus-visible { outline: 3px solid var(--ring); outline-offset: 2px; }
form { display: flex; flex-wrap: wrap; gap: .6rem 1rem; align-items: end; margin: 1rem 0; }
label { display: flex; flex-direction: column; gap: .2rem; color: var(--quiet); font-size: .85rem; }
input, select, button { font: inherit; font-size: .95rem; color: var(--ink); background: var(--box); border: 1px solid var(--line); border-radius: 6px; padding: .35rem .6rem; }
input, select { width: 15rem; max-width: 100%; }
button { cursor: pointer; }
.scroll, #picture { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; min-width: 70rem; table-layout: fixed; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th { position: sticky; top: 0; background: var(--paper); font-size: .85rem; color: var(--quiet); }
th:nth-child(1) { width: 17%; } th:nth-child(2) { width: 11%; } th:nth-child(3) { width: 5%; } th:nth-child(4) { width: 19%; }
th:nth-child(5) { width: 20%; } th:nth-child(6) { width: 10%; } th:nth-child(7) { width: 9%; } th:nth-child(8) { width: 9%; }
td button { padding: 0; border: 0; background: none; color: var(--link); text-decoration: underline; text-align: left; overflow-wrap: anywhere; }
td small { color: var(--quiet); display: block; }
.warn { color: var(--warn); font-weight: 600; }
#way { border: 1px solid var(--line); border-radius: 8px; padding: .2rem 1rem 1rem; margin: 1rem 0; }
svg { display: block; margin: .8rem 0; }
svg rect { fill: var(--box); stroke: var(--line); }
svg .broad rect { stroke: var(--warn); stroke-width: 2; stroke-dasharray: 6 3; }
svg path { fill: none; stroke: var(--quiet); stroke-width: 1.5; }
svg text { fill: var(--ink); font: 13px system-ui, "DejaVu Sans", sans-serif; }
svg .quiet { fill: var(--quiet); font-size: 12px; }
svg .broad .quiet { fill: var(--warn); }
@media print { form, #back, #more { display: none; } th { position: static; } }
`;
