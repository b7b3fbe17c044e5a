// The report's look: one sheet inside its one file, light and dark by the reader's own setting, wide enough for a phone.

import { markup } from './markup.js';

export const STYLE = markup`
:root { color-scheme: light dark; --ground: #fbfaf8; --ink: #1c1b19; --muted: #5f5b54; --line: #dcd8d0; --card: #fff; --first: #0b5f8a; --second: #9a4a00; --mark: #146c2e; --wrong: #8f1d1d; }
@media (prefers-color-scheme: dark) { :root { --ground: #161514; --ink: #f1efeb; --muted: #aaa59c; --line: #3a3733; --card: #201f1d; --first: #6cc0ec; --second: #f0a560; --mark: #7bd38e; --wrong: #f19a9a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 56rem; margin: 0 auto; padding: 1.25rem 1rem 4rem; }
h1 { font-size: 1.35rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2.5rem 0 .5rem; }
.sentence { font-size: 1.35rem; line-height: 1.4; margin: 1rem 0 .5rem; font-weight: 600; }
.muted { color: var(--muted); } p { margin: .4rem 0; }
figure { margin: .75rem 0 0; } .plot { display: block; width: 100%; max-width: 40rem; height: auto; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
.grid { stroke: var(--line); stroke-width: 1; } .tick { fill: var(--muted); font-size: 11px; } .axis { fill: var(--ink); font-size: 11px; }
.line { fill: none; stroke-width: 2; } .line.first { stroke: var(--first); } .line.second { stroke: var(--second); stroke-dasharray: 6 4; }
.dot.first { fill: var(--first); } .dot.second { fill: var(--second); } .mark { fill: var(--mark); } .mark-label { fill: var(--mark); font-size: 12px; font-weight: 600; }
.key { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: .5rem 0; padding: 0; list-style: none; } .key span { display: inline-block; width: 1.75rem; vertical-align: middle; margin-right: .4rem; border-top: 3px solid var(--first); } .key .second { border-top: 3px dashed var(--second); }
.wide { overflow-x: auto; border: 1px solid var(--line); border-radius: .5rem; background: var(--card); margin-top: .75rem; } .wide:focus-visible { outline: 2px solid var(--first); }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; } caption { text-align: left; padding: .6rem .75rem 0; color: var(--muted); }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem; border-bottom: 1px solid var(--line); } tbody tr:last-child > * { border-bottom: 0; } thead th { font-weight: 600; overflow-wrap: normal; } thead .n { white-space: normal; } tbody th { white-space: nowrap; font-weight: 400; }
.n { text-align: right; white-space: nowrap; } .text { min-width: 14rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.wrong { border: 1px solid var(--line); border-left: 4px solid var(--wrong); border-radius: .5rem; background: var(--card); padding: .6rem .9rem; margin: .75rem 0; } .wrong dl { margin: 0; } .wrong dt { color: var(--muted); font-size: .875rem; margin-top: .35rem; } .wrong dd { margin: 0; white-space: pre-wrap; }
details { margin: .75rem 0; } summary { cursor: pointer; min-height: 2.75rem; padding-top: .6rem; }
@media print { .wide { overflow: visible; } }
`;
