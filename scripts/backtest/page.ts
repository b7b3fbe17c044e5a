// The report as one file that needs nothing else: no script, no address, no font from anywhere. Every text in it is redacted
// before it comes here, is shown as text alone, and what hides in it is named.
import { showPlainly } from '../../web/src/text.js';
import { type Markup, markup } from './markup.js';
import { drawPlot } from './plot.js';
import type { Report, WrongAnswer } from './report.js';
import { sayCount, sayDay, sayShare } from './sentences.js';
import type { Period } from './series.js';
import { STYLE } from './style.js';

/** @param name what was read, as its readers know it: no folder */
export function writePage(report: Report, name: string): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="robots" content="noindex">
<title>V3-PLS backtest</title>
<style>${STYLE}</style>
</head>
<body><main>
<h1>What your approved answers would have done</h1>
<p class="muted">${showPlainly(name)} · learned from ${sayDay(report.learnedFrom)} on, tested from ${sayDay(report.testedFrom)} to ${sayDay(report.testedTo)}</p>
<p class="sentence">${report.sentence}</p>
<p>${report.savings}</p>
${writePatterns(report)}
${writeWrong(report)}
${writeCurve(report)}
${writePeriods(report)}
${writeRules(report)}
${writeCounting(report)}
</main></body>
</html>
`.text;
}

/** Of a person: right-to-left or not, it stays within its own bounds. */
const text = (value: string) => markup`<bdi dir="auto">${showPlainly(value)}</bdi>`;

const decimal = (value: number) => value.toFixed(2);

function writeCurve({ curve, turns, covered, judged, agreed, patterns }: Report): Markup {
  if (curve.length === 0)
    return markup`<h2>Answering more, agreeing less</h2><p>Nothing was predicted in the tested part.</p>`;
  const plot = drawPlot({
    title: 'Agreement against coverage; the numbers stand in the table below',
    yName: 'agreement with staff',
    xName: 'texts covered',
    lines: [
      {
        name: 'all patterns',
        style: 'first',
        points: curve.map(({ coverage, precision, judged: n, answered }) => ({
          x: coverage,
          y: precision,
          hint: `${sayShare(answered, turns)} of ${turns} texts covered, ${precision === null ? 'none judged' : `${(precision * 100).toFixed(0)} % of ${n} agreed`}`,
        })),
      },
    ],
    xTicks: [0, 0.25, 0.5, 0.75, 1].map(x => ({ x, label: `${x * 100} %` })),
    mark:
      judged > 0
        ? {
            x: covered / turns,
            y: agreed / judged,
            label: patterns.length === 1 ? 'the 1 pattern' : `the ${patterns.length} patterns`,
          }
        : null,
  });
  const rows = curve.map(
    point =>
      markup`<tr><td class="n">${decimal(point.minimumExpected)}</td><td class="n">${point.answered}</td><td class="n">${sayShare(point.answered, turns)}</td><td class="n">${point.judged}</td><td class="n">${point.agreed}</td><td class="n">${sayShare(point.agreed, point.judged)}</td></tr>`,
  );
  return markup`<h2>Answering more, agreeing less</h2>
<p>If it had answered whenever it expected agreement of at least a limit, with any pattern and whatever the gates say: how many of the ${turns} texts, and how many of those rightly.</p>
<figure>${plot}</figure>
${table('Coverage and agreement at each limit', [], ['expected ≥', 'answered (n)', 'coverage', 'judged (n)', 'agreed', 'agreement'], rows)}`;
}

function writePeriods({ periods, testedFrom }: Report): Markup {
  if (periods.length === 0) return markup``;
  const unit = periods[0]!.days === 7 ? 'week' : 'day';
  const last = Math.max(1, periods.length - 1);
  const line = (share: (period: Period) => number | null, words: (period: Period) => string) =>
    periods.map((period, index) => ({ x: index / last, y: share(period), hint: `${period.from}: ${words(period)}` }));
  const every = Math.ceil(periods.length / 4);
  const plot = drawPlot({
    title: `Coverage and agreement by ${unit}; the numbers stand in the table below`,
    yName: 'share',
    xName: unit,
    lines: [
      {
        name: 'covered',
        style: 'first',
        points: line(
          ({ turns, wouldReply }) => (turns > 0 ? wouldReply / turns : null),
          ({ turns, wouldReply }) => `${wouldReply} of ${turns} texts covered`,
        ),
      },
      {
        name: 'agreed',
        style: 'second',
        points: line(
          ({ judged, agreed }) => (judged > 0 ? agreed / judged : null),
          ({ judged, agreed }) => `${agreed} of ${judged} agreed`,
        ),
      },
    ],
    xTicks: periods.flatMap(({ from }, index) =>
      index % every === 0 ? [{ x: index / last, label: from.slice(5) }] : [],
    ),
    mark: null,
  });
  const rows = periods.map(
    ({ from, turns, wouldReply, judged, agreed, newPatterns }) =>
      markup`<tr><th scope="row">${from}</th><td class="n">${turns}</td><td class="n">${newPatterns}</td><td class="n">${wouldReply}</td><td class="n">${sayShare(wouldReply, turns)}</td><td class="n">${judged}</td><td class="n">${sayShare(agreed, judged)}</td></tr>`,
  );
  return markup`<h2>How it was learned</h2>
<p>All patterns, whether somebody would have approved them or not, by ${unit} (UTC). The tested part begins on ${sayDay(testedFrom)}.</p>
<figure>${plot}<ul class="key"><li><span></span>would have replied</li><li><span class="second"></span>agreed with staff, of those judged</li></ul></figure>
${table(`What it would have replied to, by ${unit}`, [unit], ['texts (n)', 'new patterns', 'would have replied', 'coverage', 'judged (n)', 'agreement'], rows)}`;
}

function writePatterns({ patterns }: Report): Markup {
  if (patterns.length === 0) return markup``;
  const rows = patterns.map(
    ({ triggerText, responseTemplate, before, covered, judged, agreed }) =>
      markup`<tr><td class="text">${text(triggerText)}</td><td class="text">${text(responseTemplate)}</td><td class="n">${before.agreed} of ${before.judged}</td><td class="n">${before.customers}</td><td class="n">${covered}</td><td class="n">${judged === 0 ? '-' : `${agreed} of ${judged}`}</td></tr>`,
  );
  return markup`<h2>${patterns.length === 1 ? 'The pattern' : `The ${patterns.length} patterns`}</h2>
${table('Chosen by what was known before the tested part', ['asked', 'answer'], ['agreed before', 'customers before', 'covered', 'agreed'], rows)}`;
}

function writeWrong({ wrong, disagreed }: Report): Markup {
  if (disagreed === 0) return markup``;
  const rest = disagreed - wrong.length;
  return markup`<h2>${disagreed === 1 ? 'The 1 time' : `The ${disagreed} times`} it was wrong</h2>
<p class="muted">It would have said something else than staff did. Staff may have answered another part of the question, or put it in other words.</p>
${wrong.map(showWrong)}
${rest > 0 ? markup`<p>And ${sayCount(rest, 'more', 'more')}, which <code>--decisions</code> lists.</p>` : null}`;
}

const HIDDEN = 'Not shown: a detector was not sure that nothing private is left in it.';

function showWrong({ at, customerText, wouldHaveSaid, operatorText }: WrongAnswer): Markup {
  const shown = (value: string | null) => (value === null ? markup`<em class="muted">${HIDDEN}</em>` : text(value));
  return markup`<article class="wrong"><p class="muted">${at.slice(0, 16).replace('T', ' ')} UTC</p><dl><dt>The customer asked</dt><dd>${shown(customerText)}</dd><dt>It would have said</dt><dd>${text(wouldHaveSaid)}</dd><dt>Staff said</dt><dd>${shown(operatorText)}</dd></dl></article>`;
}

function writeRules({ rules, rule, turns }: Report): Markup {
  const rows = rules.map(
    ({ id, words, patterns, covered, judged, agreed }) =>
      markup`<tr><td class="text">${words}${id === rule.id ? markup` <strong>(the sentence above)</strong>` : null}</td><td class="n">${patterns}</td><td class="n">${covered}</td><td class="n">${sayShare(covered, turns)}</td><td class="n">${judged}</td><td class="n">${sayShare(agreed, judged)}</td></tr>`,
  );
  return markup`<h2>Had you been stricter, or less strict</h2>
${table('Patterns approved by other rules', ['approved were patterns that were …'], ['patterns', 'covered (n)', 'coverage', 'judged (n)', 'agreement'], rows)}`;
}

function writeCounting(report: Report): Markup {
  const { rule, notJudged, unanswered, turns, workloadSaved } = report;
  return markup`<h2>How it was counted</h2>
<ul>
<li>The file was read once, in time order. Each prediction uses only what had arrived before the operator's first text, and learning went on to the end.</li>
<li>The patterns were chosen once, at the split, by this rule and by nothing that came later: ${rule.words}. They count only in exactly the words that they had then.</li>
<li>A text is a customer's turn: what they sent in a row, without an answer in between, counts once. ${turns} were answered by staff; those are the whole.</li>
<li>Agreed: staff gave an answer of the same pattern, or at least half of its words were the same (token F1 of at least 0.5). ${sayCount(notJudged, 'covered text')} cannot be judged, for nothing may be learned from what staff answered there.</li>
<li>${sayCount(unanswered.turns, 'text')} in the tested part got no answer from staff; on ${unanswered.covered} of them an approved pattern would have had one. Nobody can say whether it would have been right, and they are in none of the shares above.</li>
<li>Time saved = ${workloadSaved.formula}: ${workloadSaved.n} × ${workloadSaved.medianSeconds === null ? '-' : `${Math.round(workloadSaved.medianSeconds)} s`} = ${workloadSaved.seconds} s. It is the time until customers were answered, not the time that staff typed.</li>
<li>Nothing was sent, and nothing can be: V3-PLS has no code that sends a text. Texts are redacted as on the page.</li>
</ul>`;
}

/** Columns of words first, then those of numbers. */
function table(caption: string, words: readonly string[], numbers: readonly string[], rows: readonly Markup[]): Markup {
  const heads = [
    words.map(head => markup`<th scope="col">${head}</th>`),
    numbers.map(head => markup`<th scope="col" class="n">${head}</th>`),
  ];
  return markup`<div class="wide" role="region" tabindex="0" aria-label="${caption}"><table><caption>${caption}</caption><thead><tr>${heads}</tr></thead><tbody>${rows}</tbody></table></div>`;
}
