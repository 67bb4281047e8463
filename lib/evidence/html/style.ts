/**
 * The look of a report: a printed page rather than a screen. Statuses differ by word and frame; colour only repeats them.
 * Every pair of text and ground below has a contrast of 4.5 or more in both schemes.
 */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #fdfcf9; --ink: #1e1d1a; --soft: #5b564c; --line: #d9d4c8; --tint: #f4f1ea; --link: #1d4f80;
  --bad: #971b1b; --unsure: #7a4300; --let: #5a3785; --wait: #1d4f80; --good: #1f5d38;
  --serif: Charter, 'Bitstream Charter', 'Sitka Text', Cambria, Georgia, serif;
  --sans: system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif;
  --mono: ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #171614; --ink: #e8e5dc; --soft: #aaa499; --line: #3b3933; --tint: #1f1e1a; --link: #9cc6f0;
    --bad: #ff9f92; --unsure: #eeb45f; --let: #ceb2f4; --wait: #9cc6f0; --good: #90d1a7;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 4.5rem; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.0625rem/1.6 var(--serif); }
.page { max-width: 76rem; margin: 0 auto; padding: 3rem 1.5rem 6rem; }
a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: .18em; }
a:focus-visible, summary:focus-visible, input:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--link); outline-offset: 3px; }
main:focus { outline: none; }
.skip { position: absolute; left: -99rem; padding: .5rem 1rem; background: var(--paper); z-index: 1; }
.skip:focus { left: 1rem; top: 1rem; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
[hidden] { display: none !important; }

h1, h2, h3, h4 { font-weight: 600; line-height: 1.25; text-wrap: balance; }
h1 { font-size: clamp(1.9rem, 4.5vw, 2.9rem); font-weight: 400; letter-spacing: -.015em; margin: .2em 0 .7em; }
h2 { font-size: 1.65rem; font-weight: 400; border-top: 2px solid var(--ink); padding-top: .6rem; margin: 5rem 0 1.5rem; }
main { counter-reset: section; }
main > section + section > h2 { counter-increment: section; }
main > section + section > h2::before { content: counter(section) '\\2002'; color: var(--soft); }
h3 { font-size: 1.2rem; margin: 3rem 0 .5rem; }
h4 { font-size: 1.02rem; margin: 2rem 0 .4rem; }
p, ul, ol, dl { margin: 0 0 1rem; max-width: 46rem; }
code { font: .86em/1.5 var(--mono); overflow-wrap: anywhere; }
q { quotes: '\\201c' '\\201d'; }
.kicker, .label, caption, thead th, dt, .mark, .meta, nav, .id { font-family: var(--sans); }
.kicker { font-size: .82rem; letter-spacing: .02em; color: var(--soft); margin: 0; }
.meta, .meaning, .none { color: var(--soft); font-size: .9rem; }
.digest { font-size: .85em; }

header { border-top: 6px solid var(--ink); padding-top: 1rem; }
.outcome { font-size: clamp(1.2rem, 2.4vw, 1.5rem); line-height: 1.4; max-width: 44rem; }
.reach { border-left: 2px solid var(--ink); padding-left: 1rem; max-width: 44rem; }
.run { display: grid; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); gap: 1rem 2rem; max-width: 64rem; margin: 2rem 0; }
dd { margin: 0; overflow-wrap: anywhere; }
dt { font-size: .8rem; color: var(--soft); }
.run dd { font-size: .95rem; }

nav { border: solid var(--line); border-width: 1px 0; padding: .75rem 0; font-size: .88rem; }
nav a { text-decoration: none; }
nav a:hover { text-decoration: underline; }
nav ol { list-style-position: inside; display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; margin: 0; padding: 0; max-width: none; }
nav form { margin-top: .75rem; }
nav label { display: block; color: var(--soft); font-size: .8rem; }
nav input { width: 100%; max-width: 24rem; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--soft); padding: .4rem .55rem; }
nav output { display: block; min-height: 1.5em; color: var(--soft); }

table { border-collapse: collapse; width: 100%; font-size: .93rem; line-height: 1.45; }
caption { text-align: left; font-size: .82rem; color: var(--soft); padding-bottom: .4rem; }
th, td { text-align: left; vertical-align: top; padding: .45rem 1.2rem .45rem 0; border-top: 1px solid var(--line); font-weight: 400; }
thead th { font-size: .8rem; color: var(--soft); border-top: 0; }
tfoot th, tfoot td { border-top: 1px solid var(--ink); }
td, th { overflow-wrap: break-word; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.scroll { overflow-x: auto; margin-bottom: 1.5rem; }

.mark { display: inline-block; font-size: .74rem; font-weight: 600; line-height: 1.3; padding: .14em .5em; border: 1px solid currentcolor; white-space: nowrap; }
.broken, .not-satisfied, .expired, .too-wide { background: var(--bad); border-color: var(--bad); color: var(--paper); }
.unproven, .not-assessed, .unused { border: 2px dashed; padding: calc(.14em - 1px) .5em; color: var(--unsure); }
.excepted, .live { border: 3px double; padding: calc(.14em - 2px) .5em; color: var(--let); }
.awaiting { border-style: dotted; border-width: 2px; padding: calc(.14em - 1px) .5em; color: var(--wait); }
.attested { border-width: 1px 1px 3px; color: var(--good); }
.kept, .satisfied { color: var(--good); }
.planned, .not-applicable { border-color: transparent; padding-inline: 0; color: var(--soft); }

details { border-top: 1px solid var(--line); }
summary { cursor: pointer; display: grid; grid-template-columns: 7.2rem minmax(0, 1fr) minmax(0, auto); gap: .2rem 1rem; align-items: baseline; padding: .6rem 0; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary .mark { justify-self: start; }
summary .sentence { margin: 0; font-size: 1rem; font-weight: 400; overflow-wrap: anywhere; text-wrap: pretty; }
summary .sentence::after { content: ' +'; color: var(--soft); font-family: var(--mono); }
details[open] > summary .sentence::after { content: ' \\2212'; }
summary:hover .sentence { text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: .18em; }
.id { font-size: .8rem; color: var(--soft); overflow-wrap: anywhere; text-align: right; }
.facts { padding: .25rem 0 1.5rem; margin: 0; max-width: none; }
.facts > div, .words > div { display: grid; grid-template-columns: 7.2rem minmax(0, 1fr); gap: 1rem; padding: .25rem 0; align-items: baseline; }
.facts dd, .words dd { max-width: 46rem; font-size: .98rem; }
.message::first-letter { text-transform: uppercase; }
.facts dd > :last-child { margin-bottom: 0; }
.facts .mark { margin-right: .3rem; }
.subject { margin-left: 8.2rem; }
.subject summary .sentence { font-size: .95rem; }
.observations { background: var(--tint); margin-bottom: 1.5rem; font-size: .85rem; }
.observations th, .observations td { padding: .3rem .8rem; }
.observations tbody th, .observations tbody td { font: .86em/1.5 var(--mono); overflow-wrap: anywhere; }
.observations th { width: 45%; }
ul.plain { list-style: none; padding: 0; }
ul { padding-left: 1.2rem; }

.breach { border-top: 1px solid var(--line); padding-top: .75rem; margin-bottom: 2rem; }
.breach h4 { margin: .6rem 0 0; font-size: 1.15rem; }
.breach h4 + .meta { margin-bottom: .6rem; }
.breach .reasons li { margin: 0; }
.findings { list-style: none; padding: 0 0 0 1rem; border-left: 3px solid var(--bad); }
#opinions ~ article .findings { border-left-color: var(--line); }
.findings p { margin: 0 0 .2rem; }
.findings li { margin-bottom: .9rem; }
.label { font-size: .8rem; font-weight: 600; margin-right: .4rem; }
.breach .reasons { margin-bottom: .8rem; }
.findings .message { margin-bottom: .2rem; }
.group { margin: 1.2rem 0 2rem; }
.group .reasons { font-weight: 600; max-width: 46rem; }
.names { margin-top: .4rem; columns: 24rem 2; column-gap: 3rem; max-width: none; font-size: .95rem; padding-left: 0; list-style: none; }
.names li { break-inside: avoid; padding: .2rem 0; }
.names a { font: .8rem var(--sans); white-space: nowrap; }
footer { margin-top: 5rem; border-top: 1px solid var(--line); padding-top: 1rem; font-size: .88rem; color: var(--soft); }

@media (min-width: 64rem) {
  .page { display: grid; grid-template-columns: 13rem minmax(0, 1fr); column-gap: 3.5rem; }
  header, footer { grid-column: 1 / -1; }
  nav { border-width: 1px 0 0; align-self: start; position: sticky; top: 0; padding-top: 1.5rem; margin-top: 3rem; }
  nav ol { display: block; list-style-position: outside; padding-left: 1.3em; }
  nav li { padding: .2rem 0; }
  nav li::marker { color: var(--soft); font-variant-numeric: tabular-nums; }
  nav form { margin-top: 1.5rem; }
  main > section:first-child h2 { margin-top: 3rem; }
  html { scroll-padding-top: 3.5rem; }
}
@media (max-width: 40rem) {
  .page { padding: 1.5rem 1rem 4rem; }
  summary { grid-template-columns: 1fr auto; }
  summary .sentence { grid-column: 1 / -1; grid-row: 2; }
  .facts > div, .words > div { grid-template-columns: 1fr; gap: 0; padding: .4rem 0; }
  .subject { margin-left: .75rem; }
  h2 { margin-top: 3.5rem; }
}
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
@media print {
  :root { --paper: #fff; --ink: #000; --soft: #444; --line: #bbb; --tint: #fff; --link: #000; --bad: #000; --unsure: #000; --let: #000; --wait: #000; --good: #000; }
  @page { margin: 18mm 16mm; }
  html { font-size: 8.8pt; }
  tfoot { display: table-row-group; }
  .page { display: block; max-width: none; padding: 0; }
  nav form, .skip, summary .sentence::after { display: none; }
  nav { position: static; }
  details::details-content { content-visibility: visible; display: block; }
  h2 { margin-top: 3rem; }
  #open, #promises, #controls, #resolutions { break-before: page; margin-top: 0; }
  h2, h3, h4, summary { break-after: avoid; }
  tr, .findings li, .names li, .facts > div { break-inside: avoid; }
  .scroll { overflow: visible; }
  .mark { print-color-adjust: exact; }
  a { text-decoration: none; }
}
`;
